"""Mail without an account: asking for it, confirming, changing and leaving.

Nothing changes but by POST, so that a mail scanner that opens every link changes nothing; and nothing needs
a cookie, for what a form sends is authorised by nothing but the link that was mailed.
"""
