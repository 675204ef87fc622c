"""Inventing photographs: a head and shoulders cut from coloured paper, drawn by code. Nobody has these faces. Pure."""

from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from app import pictures
from app.demo.dice import Dice
from app.pictures import Picture

SIZE: Final = (420, 510)
_GROUNDS: Final = ("#d8cdb4", "#c3d0cb", "#d9c3b2", "#c9c6d6", "#d6d3c4")
_SKINS: Final = ("#e3b995", "#cf9c77", "#f0cdb0", "#b98262")
_HAIR: Final = ("#3b2c25", "#6b4a2f", "#a9793f", "#8d8a86", "#20242a")
_CLOTHES: Final = ("#14535a", "#7a5236", "#4f5d75", "#8a4a63", "#5d6b3a")


def drawing(dice: Dice) -> Picture:
    """A clean picture, as if somebody had sent it in."""
    image = Image.new("RGB", SIZE, dice.pick(_GROUNDS))
    pen = ImageDraw.Draw(image)
    hair, skin = dice.pick(_HAIR), dice.pick(_SKINS)
    long = dice.chance(0.4)
    pen.rounded_rectangle((118, 96, 302, 400 if long else 260), 90, fill=hair)
    pen.rounded_rectangle((178, 260, 242, 400), 28, fill=skin)
    pen.ellipse((60, 356, 360, 700), fill=dice.pick(_CLOTHES))
    pen.ellipse((182, 340, 238, 396), fill=skin)
    pen.ellipse((136, 128, 284, 320), fill=skin)
    pen.chord((130, 112, 290, 268), 180, 360, fill=hair)
    if dice.chance(0.4):
        pen.ellipse((158, 206, 200, 248), outline="#2b2f33", width=6)
        pen.ellipse((220, 206, 262, 248), outline="#2b2f33", width=6)
    out = BytesIO()
    image.save(out, "PNG")
    return pictures.clean(out.getvalue())
