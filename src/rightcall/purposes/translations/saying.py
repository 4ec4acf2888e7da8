"""How pages say a purpose: in the reader's language where it is translated, else in the company's own words, marked as being of
their language (WCAG 2.2, 3.1.2). A page is given `translated`: what there is in its language."""

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from rightcall.design.sheets import own, own_lang
from rightcall.purposes.model import Purpose
from rightcall.purposes.translations.model import InLanguage, Translation


@pass_context
def titled(context: Context, purpose: Purpose) -> str:
    found = _of(context, purpose)
    return own(context, purpose.title) if found is None else found.title


@pass_context
def reasoned(context: Context, purpose: Purpose) -> str:
    found = _of(context, purpose)
    return own(context, purpose.justification) if found is None else found.justification


@pass_context
def title_of(context: Context, purpose: Purpose) -> str:
    """Bare, for where nothing can be marked, such as a label of its own."""
    found = _of(context, purpose)
    return purpose.title if found is None else found.title


@pass_context
def title_lang(context: Context, purpose: Purpose) -> Markup:
    """The attribute for an element that holds a bare title and nothing else."""
    return own_lang(context) if _of(context, purpose) is None else Markup("")


def _of(context: Context, purpose: Purpose) -> Translation | None:
    translated: InLanguage = context["translated"]
    return translated.purposes.get(purpose.id)


SAYS = {"titled": titled, "reasoned": reasoned, "title_of": title_of, "title_lang": title_lang}
"""The filters, by name."""
