"""What the pages of pledges, cases and bodies say to other sites and to programs."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from tracker.public.embeds import linked_data, oembed, preview, snippets
from tracker.public.embeds.subjects import Embed, Subject

register = template.Library()


@register.inclusion_tag("public/embeds/_for_programs.html")
def for_programs(subject: Subject) -> dict[str, Any]:
    """Show programs what the page is about, and how to show it elsewhere; for the head of a page."""
    embed = Embed(subject)
    facts = linked_data.block(linked_data.about(subject))
    return {
        "embed": embed,
        "discovery": oembed.discovery(embed),
        "facts": facts,
        "preview": preview.of_subject(embed),
    }


@register.simple_tag
def about_site() -> SafeString:
    return linked_data.block(linked_data.about_site())


@register.simple_tag
def about_record() -> SafeString:
    return linked_data.block(linked_data.about_record())


@register.simple_tag
def what_it_is() -> str:
    return linked_data.promise()


@register.inclusion_tag("public/embeds/_preview.html")
def preview_of_site() -> dict[str, Any]:
    """Show messengers what to show beside the address of the site."""
    return {"preview": preview.of_site()}


@register.inclusion_tag("public/embeds/_embed_this.html")
def embed_this(subject: Subject) -> dict[str, Any]:
    """Show people what to paste into a page of their own."""
    embed = Embed(subject)
    return {
        "embed": embed,
        "card_snippet": snippets.card_snippet(embed),
        "badge_snippet": snippets.badge_snippet(embed),
    }
