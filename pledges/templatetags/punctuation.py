from django import template

from pledges.punctuation import changed, comma

register = template.Library()
register.simple_tag(comma)
register.simple_tag(changed)
