"""Themes: passages that say alike, found without chance, with an identity that lasts. All pure.

`alike` finds how strongly passages are tied, `groups` which of them belong together, `life` what becomes of the themes
there are when passages come, go or a person decides, `labels` what to call them. `models` are the values between them.
"""
