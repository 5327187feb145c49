"""Use cases over kept data: each is one unit of work, and the one way in which data is changed.

Beside them stands what `serve` and the pages it serves agree on: the key of the desk (`desk_token`), where they listen
(`served`), and what a site has set for every call (`settings`).
"""
