from django import template

from pledges.punctuation import colon, comma

register = template.Library()
register.simple_tag(colon)
register.simple_tag(comma)
