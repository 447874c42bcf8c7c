"""The colours of rfl1. Light text on dark, dark text on light, and one for eyes or rooms that need all the contrast.

Every text has at least 4.5 : 1 against what is behind it, in the last one 7 : 1, under the cursor of a list as well;
the tests measure it on the screens themselves.
"""

from collections.abc import Mapping

from textual.theme import Theme

DARK = Theme(
    name="rfl1-dark",
    primary="#4fa3e0",
    secondary="#3a7ca8",
    accent="#ffc473",
    warning="#ffb454",
    error="#f0788c",
    success="#6fcf8f",
    foreground="#e4e9ee",
    background="#10151b",
    surface="#161d25",
    panel="#1f2a35",
    variables={
        "text-muted": "#b2bcc5",
        "text-disabled": "#98a3ad",
        "text-primary": "#7fc1f2",
        "text-accent": "#ffc473",
        "text-warning": "#ffc473",
        "text-error": "#ffa3b1",
        "text-success": "#8fdba8",
        "border": "#4fa3e0",
        "border-blurred": "#4d5a66",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-background": "#1c4566",
        "block-cursor-blurred-foreground": "#e4e9ee",
        "block-cursor-blurred-background": "#1f2f3d",
        "input-selection-background": "#1c4566",
    },
)

LIGHT = Theme(
    name="rfl1-light",
    primary="#1c6ea4",
    secondary="#4a7fa3",
    accent="#8a4b00",
    warning="#a35a00",
    error="#b3243c",
    success="#1f7a3d",
    foreground="#1b2127",
    background="#f6f6f3",
    surface="#ffffff",
    panel="#dfe6ec",
    dark=False,
    variables={
        "text-muted": "#4a545d",
        "text-disabled": "#5c666f",
        "text-primary": "#0f4f7d",
        "text-accent": "#7a3e00",
        "text-warning": "#7a3e00",
        "text-error": "#991b32",
        "text-success": "#155c2c",
        "border": "#1c6ea4",
        "border-blurred": "#a3adb6",
        "block-cursor-foreground": "#0d1115",
        "block-cursor-background": "#bcd9ef",
        "block-cursor-blurred-foreground": "#1b2127",
        "block-cursor-blurred-background": "#dbe7f0",
        "input-selection-background": "#bcd9ef",
    },
)

HIGH_CONTRAST = Theme(
    name="rfl1-high-contrast",
    primary="#5cc8ff",
    secondary="#5cc8ff",
    accent="#ffe14d",
    warning="#ffd23f",
    error="#ffb3b3",
    success="#7dff9b",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    boost="#1a1a1a",
    variables={
        "text-muted": "#d6d6d6",
        "text-disabled": "#c0c0c0",
        "text-primary": "#5cc8ff",
        "text-accent": "#ffe14d",
        "text-warning": "#ffd23f",
        "text-error": "#ffb3b3",
        "text-success": "#7dff9b",
        "border": "#ffe14d",
        "border-blurred": "#a0a0a0",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-background": "#002f7a",
        "block-cursor-text-style": "bold underline",  # a ground that leaves 7 : 1 is not enough to find the line
        "block-cursor-blurred-foreground": "#ffffff",
        "block-cursor-blurred-background": "#303030",
        "block-cursor-blurred-text-style": "underline",
        "input-selection-background": "#002f7a",
    },
)

THEMES: Mapping[str, Theme] = {"dark": DARK, "light": LIGHT, "high-contrast": HIGH_CONTRAST}
"""By the words of the setting."""
