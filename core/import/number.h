/* Numbers of other people's files: decimal, with a sign, a point and an exponent.
 *
 * Thread: any; pure. */
#ifndef PCED_CORE_IMPORT_NUMBER_H
#define PCED_CORE_IMPORT_NUMBER_H

#include <stdbool.h>

/* The whole text as a finite number. */
bool import_number(const char *text, double *value);

/* The speed that a text tells, in bits per second: "10 Gbps", "2.5G", "155 Mbit/s", "2 x 10GE",
 * "OC-48", "STM-16", "E3"; the first one of several. False: it tells none. */
bool import_speed(const char *text, double *bits);
/* Of a number and its unit: "10" and "G". */
bool import_speed_of_unit(double number, const char *unit, double *bits);

#endif
