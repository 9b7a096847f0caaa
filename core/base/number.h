/* Numbers as texts have them: decimal digits, no sign, no blank, and no zero in front, which some
 * readers take for octal. The one reader of whole numbers from files, command lines and requests.
 *
 * Thread: any; pure. Owns: nothing. Bound: the caller's maximum number; nothing wraps. */
#ifndef PCED_CORE_BASE_NUMBER_H
#define PCED_CORE_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* The whole text as a number from 0 to `max`. False: it is none, and the value is 0. */
bool number_parse(const char *text, uint64_t max, uint64_t *value);

/* All digits at *at as a number from 0 to `max`, and moves *at behind them. False: there is none,
 * the value is 0, and *at stays. */
bool number_take(const char **at, uint64_t max, uint64_t *value);

#endif
