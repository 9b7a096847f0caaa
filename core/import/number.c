#include "core/import/number.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define SPEED_MIN 1.0
#define SPEED_MAX 1e15 /* as topology files have it */

static bool speed_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool speed_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool import_number(const char *text, double *value)
{
    const char *at = text + (text[0] == '-' || text[0] == '+');
    char *end;
    /* strtod also takes blanks, hexadecimal numbers, infinity and NaN. */
    if (!speed_is_digit(at[0]) && !(at[0] == '.' && speed_is_digit(at[1])))
        return false;
    if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X'))
        return false;
    *value = strtod(text, &end);
    return *end == '\0' && isfinite(*value);
}

/* ---- speeds ---- */

static int speed_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* Whether the text begins with the word, in any case; *rest is what is behind. */
static bool speed_skip(const char *text, const char *word, const char **rest)
{
    size_t i = 0;
    for (; word[i] != '\0'; i++) {
        if (speed_lower(text[i]) != word[i])
            return false;
    }
    *rest = text + i;
    return true;
}

static bool speed_factor(const char *text, double *factor, const char **rest)
{
    static const struct {
        const char *word;
        double factor;
    } units[] = {{"t", 1e12}, {"g", 1e9}, {"m", 1e6}, {"k", 1e3}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (speed_skip(text, units[i].word, rest)) {
            *factor = units[i].factor;
            return true;
        }
    }
    *factor = 1;
    *rest = text;
    return false;
}

/* What may follow the prefix of a unit: "b/s", "bps", "bit/s", "E" of Ethernet, or nothing. */
static bool speed_has_tail(const char *text)
{
    static const char *const tails[] = {"bit", "bp", "b/", "b", "e", ""};
    const char *rest;
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        if (speed_skip(text, tails[i], &rest))
            return tails[i][0] != '\0' || !(speed_is_letter(text[0]) || speed_is_digit(text[0]));
    }
    return false;
}

static bool speed_is_right(double bits)
{
    return bits >= SPEED_MIN && bits <= SPEED_MAX;
}

bool import_speed_of_unit(double number, const char *unit, double *bits)
{
    double factor;
    const char *rest;
    (void)speed_factor(unit, &factor, &rest);
    *bits = number * factor;
    return speed_has_tail(rest) && speed_is_right(*bits);
}

/* Lines of the synchronous and plesiochronous hierarchies: a name and a number. */
static bool speed_of_line(const char *text, double *bits)
{
    static const struct {
        const char *word;
        double first; /* bits per second of number 1, the others being multiples; or 0 */
        double of_number[5];
    } lines[] = {
        {"oc", 51.84e6, {0}},
        {"stm", 155.52e6, {0}},
        {"ds", 0, {64e3, 1.544e6, 6.312e6, 44.736e6, 0}},
        {"t", 0, {0, 1.544e6, 6.312e6, 44.736e6, 0}},
        {"e", 0, {0, 2.048e6, 8.448e6, 34.368e6, 139.264e6}},
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const char *rest;
        if (!speed_skip(text, lines[i].word, &rest))
            continue;
        rest += *rest == '-' || *rest == ' ';
        if (!speed_is_digit(*rest))
            continue;
        long number = strtol(rest, NULL, 10);
        double of_number = number >= 0 && number < 5 ? lines[i].of_number[number] : 0;
        *bits = lines[i].first > 0 ? (double)number * lines[i].first : of_number;
        return speed_is_right(*bits);
    }
    return false;
}

/* A number and its unit, and a number of such links in front: "2 x 10 Gbps". */
static bool speed_of_number(const char *text, double *bits)
{
    char *end;
    double number = strtod(text, &end), count = 1;
    const char *rest = end + strspn(end, " ");
    if ((*rest == 'x' || *rest == 'X' || *rest == '*') &&
        speed_is_digit(rest[1 + strspn(rest + 1, " ")])) {
        count = number;
        number = strtod(rest + 1, &end);
        rest = end + strspn(end, " ");
    }
    double factor;
    if (!isfinite(number) || !speed_factor(rest, &factor, &rest) || !speed_has_tail(rest))
        return false;
    *bits = count * number * factor;
    return speed_is_right(*bits);
}

bool import_speed(const char *text, double *bits)
{
    for (const char *at = text; *at != '\0'; at++) {
        bool is_start =
            at == text || (!speed_is_letter(at[-1]) && !speed_is_digit(at[-1]) && at[-1] != '.');
        if (!is_start)
            continue;
        if (speed_is_digit(*at) ? speed_of_number(at, bits) : speed_of_line(at, bits))
            return true;
    }
    return false;
}
