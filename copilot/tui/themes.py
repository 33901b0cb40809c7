"""Three looks: dark, light, and one of high contrast. Colours never carry a meaning alone."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="copilot-dark",
    primary="#7aa2c8",
    secondary="#8f9fb3",
    accent="#d3b27a",
    success="#8fbf8f",
    warning="#dcb567",
    error="#d98880",
    foreground="#d6dbe1",
    background="#15191e",
    surface="#1b2027",
    panel="#232a33",
    dark=True,
    variables={"faint": "#7d8894", "footer-key-foreground": "#d3b27a"},
)

LIGHT = Theme(
    name="copilot-light",
    primary="#285f8f",
    secondary="#55606c",
    accent="#8a5a00",
    success="#2b6a33",
    warning="#8a5a00",
    error="#a3312a",
    foreground="#20262c",
    background="#faf9f6",
    surface="#f3f1ec",
    panel="#e6e3dc",
    dark=False,
    variables={"faint": "#646d76", "footer-key-foreground": "#8a5a00"},
)

CONTRAST = Theme(
    name="copilot-contrast",
    primary="#ffffff",
    secondary="#ffffff",
    accent="#ffff00",
    success="#00ff5f",
    warning="#ffd700",
    error="#ff8a80",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    dark=True,
    variables={"faint": "#d0d0d0", "footer-key-foreground": "#ffff00"},
)

THEMES = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST}
