"""Themes: passages that say alike, found without chance, with an identity that lasts. All pure.

`alike` finds how strongly passages are tied, `groups` which of them belong together, `placing` which theme they belong
to, `areas` the larger themes above, `life` what becomes of themes when passages come, go or a person decides (a `draft`
meanwhile), `labels` what to call them. `models` are the values between them.
"""
