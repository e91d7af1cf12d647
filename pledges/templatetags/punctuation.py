from django import template

from pledges.punctuation import changed, colon, comma

register = template.Library()
register.simple_tag(colon)
register.simple_tag(comma)
register.simple_tag(changed)
