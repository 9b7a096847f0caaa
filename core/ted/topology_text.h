/* Topology text: a text that grows, and how values look in it, as YAML or as JSON.
 *
 * Thread: the caller's. Owns: its octets, until topo_text_fini.
 * Bound: memory; an addition that finds none is not made, and has_failed says so. */
#ifndef PCED_CORE_TED_TOPOLOGY_TEXT_H
#define PCED_CORE_TED_TOPOLOGY_TEXT_H

#include "core/base/ip.h"

#include <stdbool.h>
#include <stddef.h>

#define TOPO_DIGITS_MAX 15 /* of a decimal: every such number is exact in a double */

enum topology_form { TOPOLOGY_YAML, TOPOLOGY_JSON };

struct topo_text {
    char *octets; /* NUL-terminated; NULL before the first addition */
    size_t size;
    size_t room;
    enum topology_form form;
    bool has_failed;
};

void topo_text_init(struct topo_text *text, enum topology_form form);
void topo_text_fini(struct topo_text *text);
/* Forgets what is there, and keeps the memory. */
void topo_text_clear(struct topo_text *text);

void topo_text_add(struct topo_text *text, const char *octets, size_t size);
void topo_text_put(struct topo_text *text, const char *octets);
void topo_text_print(struct topo_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A text of any octets as a scalar: plain where YAML and every program that reads it take it for
 * that text, else within quotes. Octets that are no character become U+FFFD. */
void topo_text_string(struct topo_text *text, const char *string);
/* "key: ", as the form has it. */
void topo_text_key(struct topo_text *text, const char *key);
/* The shortest number that the reader takes for this value: for this double where scale is 0, else
 * for the same float once both are multiplied by it. The nearest one of TOPO_DIGITS_MAX digits where there
 * is none. */
void topo_text_decimal(struct topo_text *text, double value, double scale);
/* Octets per second as bits per second: 10G in YAML, the number in JSON, for programs. */
void topo_text_bandwidth(struct topo_text *text, float octets);
void topo_text_ip(struct topo_text *text, const struct ip *ip);

#endif
