"""The icons: our own drawings on a grid of 24, stroked 1.7 wide."""

DRAWINGS = {
    "home": '<path d="M4 11 12 4l8 7v8.5a.5.5 0 0 1-.5.5H15v-6H9v6H4.5a.5.5 0 0 1-.5-.5z"/>',
    "library": '<path d="M5 4v16M9.5 4v16M13 4.6l2.6-.7 4.2 15.6-2.6.7z"/>',
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>',
    "bell": '<path d="M6 10a6 6 0 1 1 12 0c0 5 2 6.5 2 6.5H4S6 15 6 10zM10 20h4"/>',
    "list": '<path d="M8.5 6H20M8.5 12H20M8.5 18H20M4 6h.5M4 12h.5M4 18h.5"/>',
    "note": '<path d="M5 4h14v11l-5 5H5zM14 20v-5h5M8.5 9h7M8.5 13h3.5"/>',
    "match": '<path d="M4 5h6v14H4zM14 5h6v14h-6zM10 12h4"/>',
    "pulse": '<path d="M3 12h4l2.5-6 4 12 2.5-6h5"/>',
    "gear": (
        '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle '
        'cx="9" cy="17" r="2"/>'
    ),
    "more": '<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="2.6"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "x": '<path d="m6 6 12 12M18 6 6 18"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "right": '<path d="m9 5 7 7-7 7"/>',
    "left": '<path d="m15 5-7 7 7 7"/>',
    "up": '<path d="m6 15 6-6 6 6"/>',
    "down": '<path d="m6 9 6 6 6-6"/>',
    "play": '<path d="M8 5.5v13l10.5-6.5z"/>',
    "book": (
        '<path d="M12 6.5C10 5 7 4.5 3.5 4.7v13.6c3.5-.2 6.5.3 8.5 1.9 2-1.6 5-2.1 '
        '8.5-1.9V4.7C17 4.5 14 5 12 6.5zM12 6.5v13.7"/>'
    ),
    "filter": '<path d="M4 6h16M7 12h10M10 18h4"/>',
    "sort": '<path d="M8 5v14m0 0-3.5-3.5M8 19l3.5-3.5M16 19V5m0 0-3.5 3.5M16 5l3.5 3.5"/>',
    "grid": '<path d="M4 4h6.5v7H4zM13.5 4H20v7h-6.5zM4 14h6.5v6H4zM13.5 14H20v6h-6.5z"/>',
    "rows": '<path d="M4 6h16M4 12h16M4 18h16"/>',
    "lock": '<path d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3"/>',
    "unlock": '<path d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 6.8-1.2"/>',
    "key": '<circle cx="8" cy="15" r="4"/><path d="m11 12 8-8M16 7l3 3M13.5 9.5 16 12"/>',
    "copy": '<path d="M9 9h11v11H9zM15 9V4H4v11h5"/>',
    "trash": '<path d="M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13"/>',
    "folder": '<path d="M3.5 6h6l2 2.5h9V19h-17z"/>',
    "refresh": (
        '<path d="M19 9a7.5 7.5 0 0 0-13.5-1.5L4 9M4 4.5V9h4.5M5 15a7.5 7.5 0 0 0 13.5 '
        '1.5L20 15M20 19.5V15h-4.5"/>'
    ),
    "warn": '<path d="M12 4 2.8 19.5h18.4zM12 10v4.5M12 17h.01"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 8h.01"/>',
    "pause": '<path d="M8 5v14M16 5v14"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
    "link": (
        '<path d="M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 '
        '0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1"/>'
    ),
    "eye": (
        '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 '
        '12z"/><circle cx="12" cy="12" r="2.8"/>'
    ),
    "user": '<circle cx="12" cy="8.5" r="4"/><path d="M4.5 20c.8-4 3.8-6 7.5-6s6.7 2 7.5 6"/>',
    "moon": '<path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z"/>',
    "single": '<path d="M7 4h10v16H7z"/>',
    "double": '<path d="M3.5 5H12v14H3.5zM12 5h8.5v14H12z"/>',
    "strip": '<path d="M7 2.5V7h10V2.5M7 9.5h10v5H7zM7 21.5V17h10v4.5"/>',
    "bookmark": '<path d="M7 4h10v16l-5-4-5 4z"/>',
    "full": '<path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5"/>',
    "star": '<path d="m12 4 2.5 5.2 5.5.8-4 4 1 5.7-5-2.7-5 2.7 1-5.7-4-4 5.5-.8z"/>',
    "download": '<path d="M12 4v11m0 0-4.5-4.5M12 15l4.5-4.5M5 20h14"/>',
    "thumbs": '<path d="M4 4h4v5H4zM10 4h4v5h-4zM16 4h4v5h-4zM4 12h16v8H4z"/>',
    "shift": '<path d="M4 6h6v12H4zM12 6h3v12h-3M17 12h5m0 0-2-2m2 2-2 2"/>',
}

LOGO = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><g fill="currentColor">'
    '<path d="M3 3.5h18v3.4H3zM3 8.9h18v3.4H3z"/>'
    '<path d="M3 14.3h18v1.7a3.9 3.9 0 0 1-3.9 3.9H6.9A3.9 3.9 0 0 1 3 16z"/></g>'
    '<path class="rib" fill="none" d="M8 3v13M16 3v13"/></svg>'
)
