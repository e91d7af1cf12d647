"""What is pasted into other sites: the same by hand, from a page, and by program, through oEmbed."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .subjects import WIDTH, Embed


def frame(embed: Embed, *, width: int, height: int) -> SafeString:
    """Return the element that frames the card, `width` by `height` CSS pixels, narrower where there is less.

    Nothing is told to us about the page that it stands in.
    """
    return format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" referrerpolicy="no-referrer"'
        ' style="max-width:100%;border:0"></iframe>',
        embed.card,
        embed.title,
        width,
        height,
    )


def card_snippet(embed: Embed) -> SafeString:
    return frame(embed, width=WIDTH, height=embed.height)


def badge_snippet(embed: Embed) -> SafeString:
    """Return the badge as a link. Its text says no more than stays true while the picture changes."""
    return format_html(
        '<a href="{}"><img src="{}" alt="{}" height="24" referrerpolicy="no-referrer"></a>',
        embed.page,
        embed.badge,
        _("%(title)s: where it stands") % {"title": embed.title},
    )
