/* Colours as numbers: the sixteen of six palettes, the 240 that are the same on
 * every terminal, and the contrast of two (WCAG 2.1, "contrast ratio"). */
#include "theme_check.h"

#include <math.h>

#define LEAST_CONTRAST 4.5
/* From here on a number is the same colour everywhere. */
#define FIXED 16

struct palette_row {
    const char *name;
    uint32_t foreground; /* the terminal's own, 0xrrggbb */
    uint32_t background;
    uint32_t colours[16];
};

static const struct palette_row palettes[] = {
    { "xterm", 0x000000, 0xffffff,
        { 0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd,
            0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff,
            0xff00ff, 0x00ffff, 0xffffff } },
    { "linux", 0xaaaaaa, 0x000000,
        { 0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa,
            0xaaaaaa, 0x555555, 0xff5555, 0x55ff55, 0xffff55, 0x5555ff,
            0xff55ff, 0x55ffff, 0xffffff } },
    { "Solarized dark", 0x839496, 0x002b36,
        { 0x073642, 0xdc322f, 0x859900, 0xb58900, 0x268bd2, 0xd33682, 0x2aa198,
            0xeee8d5, 0x002b36, 0xcb4b16, 0x586e75, 0x657b83, 0x839496,
            0x6c71c4, 0x93a1a1, 0xfdf6e3 } },
    { "Solarized light", 0x657b83, 0xfdf6e3,
        { 0x073642, 0xdc322f, 0x859900, 0xb58900, 0x268bd2, 0xd33682, 0x2aa198,
            0xeee8d5, 0x002b36, 0xcb4b16, 0x586e75, 0x657b83, 0x839496,
            0x6c71c4, 0x93a1a1, 0xfdf6e3 } },
    { "gruvbox light", 0x3c3836, 0xfbf1c7,
        { 0xfbf1c7, 0xcc241d, 0x98971a, 0xd79921, 0x458588, 0xb16286, 0x689d6a,
            0x7c6f64, 0x928374, 0x9d0006, 0x79740e, 0xb57614, 0x076678,
            0x8f3f71, 0x427b58, 0x3c3836 } },
    { "contrast", 0xffffff, 0x000000,
        { 0x000000, 0xff4040, 0x40ff40, 0xffff40, 0x6060ff, 0xff60ff, 0x40ffff,
            0xe0e0e0, 0x808080, 0xff8080, 0x80ff80, 0xffff80, 0xa0a0ff,
            0xffa0ff, 0x80ffff, 0xffffff } },
};
#define PALETTE_COUNT (sizeof(palettes) / sizeof *(palettes))

/* A cube of 6 x 6 x 6, then 24 greys. */
static uint32_t fixed_colour(int number)
{
    static const uint32_t levels[] = { 0, 95, 135, 175, 215, 255 };
    int cube = number - FIXED;
    uint32_t grey;

    if (cube < 216)
        return levels[cube / 36] << 16 | levels[cube / 6 % 6] << 8 |
               levels[cube % 6];
    grey = 8 + 10 * (uint32_t)(cube - 216);
    return grey << 16 | grey << 8 | grey;
}

static uint32_t colour_of(
    const struct palette_row *palette, int number, uint32_t own)
{
    if (number < 0)
        return own;
    return number < FIXED ? palette->colours[number] : fixed_colour(number);
}

static double light_of_part(uint32_t part)
{
    double value = part / 255.0;

    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double light_of(uint32_t colour)
{
    return 0.2126 * light_of_part(colour >> 16 & 255) +
           0.7152 * light_of_part(colour >> 8 & 255) +
           0.0722 * light_of_part(colour & 255);
}

static double contrast(uint32_t a, uint32_t b)
{
    double light = light_of(a);
    double dark = light_of(b);

    return (fmax(light, dark) + 0.05) / (fmin(light, dark) + 0.05);
}

/* A colour that is fixed is answered for: against a background that is not, on
 * each of the palettes. */
static bool is_readable(
    const struct look *look, const struct palette_row *palette, double *ratio)
{
    uint32_t text = colour_of(palette, look->foreground, palette->foreground);
    uint32_t back = colour_of(palette, look->background, palette->background);

    *ratio = contrast(text, back);
    if (look->foreground < FIXED && look->background < FIXED)
        return text != back;
    return *ratio >= LEAST_CONTRAST;
}

size_t theme_check(const struct theme *theme, struct buf *out)
{
    size_t count = 0;

    for (int role = 0; role < ROLE_COUNT; role++)
        for (size_t i = 0; i < PALETTE_COUNT; i++) {
            double ratio;

            if (is_readable(&theme->looks[role], &palettes[i], &ratio))
                continue;
            buf_putf(out,
                "%s: \"%s\" has a contrast of %.1f to 1 on the palette %s%s\n",
                theme->name, role_name((enum role)role), ratio,
                palettes[i].name,
                ratio < 1.05 ? ", so it is not there" : "; 4.5 is the least");
            count++;
            break;
        }
    return count;
}
