"""The way in: country, about you, what you take on, languages, wishes, and the last look.

Nothing is stored before the last step, and nothing at all for somebody in a detaining country.
"""

from flask import redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from app import passwords
from app.actions import sponsors
from app.extensions import limiter
from app.transaction import transaction
from app.web.access import public
from app.web.entering import network
from app.web.public.answers import Answers
from app.web.public.blueprint import blueprint
from app.web.public.forms import STEPS, CountryStep, FinishStep, Step

LAST = len(STEPS) - 1

FINISHING = "20 per hour"
"""Sign-ups from one network; mails to one mailbox are counted apart."""


def _goes_on() -> bool:
    """Whether this is not the last button: only that one writes and mails."""
    return request.form.get("step") != FinishStep.name or "go" in request.form


@blueprint.get("/signup")
@public
def signup() -> ResponseReturnValue:
    """The safety notice and the first question."""
    return _show(CountryStep(formdata=None))


@blueprint.post("/signup")
@public
@limiter.limit(FINISHING, key_func=network, exempt_when=_goes_on)
def signup_answer() -> ResponseReturnValue:
    """Take one step's answers and show the next one, or the earlier one that `go` names.

    Whoever came from the last look to change one answer (`changing`) goes straight back to it.
    """
    number = _step_number(request.form.get("step"))
    earlier = request.form.get("go")
    if earlier is not None:
        return _show(_as_answered(min(_step_number(earlier), number)))
    form = STEPS[number](formdata=request.form)
    if not form.validate():
        return _show(form, status=422)
    if isinstance(form, CountryStep) and form.detaining:
        return _refused()
    if isinstance(form, FinishStep):
        return _finish(form)
    return _show(_as_answered(LAST if "changing" in request.form else number + 1))


@blueprint.get("/signup/sent")
@public
def signup_sent() -> ResponseReturnValue:
    """What happens next: look into your mail."""
    return render_template("public/signup_sent.html")


def _step_number(name: str | None) -> int:
    names = [step.name for step in STEPS]
    return names.index(name) if name in names else 0


def _as_answered(number: int) -> Step:
    """The step with what was answered to it before; fresh, with its defaults, where nothing was."""
    fresh = STEPS[number](formdata=None)
    own = {field.name for field in fresh.questions()}
    return STEPS[number](formdata=request.form) if own & set(request.form) else fresh


def _show(form: Step, *, status: int = 200) -> ResponseReturnValue:
    last_look = Answers.read(request.form).summary() if isinstance(form, FinishStep) else None
    page = render_template(
        "public/signup.html",
        form=form,
        steps=STEPS,
        number=_step_number(form.name),
        carried=_carried(form),
        changing=last_look is None and "changing" in request.form,
        last_look=last_look,
    )
    return page, status


def _carried(form: Step) -> list[tuple[str, str]]:
    """The answers of the other steps, to be sent along again; nothing else that was posted."""
    others = [step(formdata=None) for step in STEPS[:LAST] if step.name != form.name]
    names = {field.name for step in others for field in step.questions()}
    return [(key, value) for key, value in request.form.items(multi=True) if key in names]


def _refused() -> ResponseReturnValue:
    """For somebody in a detaining country: nothing is stored, and the cookie of this visit goes too."""
    cookie.clear()
    return render_template("public/signup_refused.html")


def _finish(form: FinishStep) -> ResponseReturnValue:
    answers = Answers.read(request.form)
    wrong = answers.first_wrong()
    if wrong is not None:
        return _show(wrong, status=422)
    if answers.country.detaining:
        return _refused()
    if form.by_machine:
        return redirect(url_for("public.signup_sent"))
    password_hash = passwords.make_hash(form.password.data)
    with transaction():
        sponsors.sign_up(answers.application(), email=form.email.data, password_hash=password_hash)
    return redirect(url_for("public.signup_sent"))
