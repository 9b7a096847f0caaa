/* Auto-bandwidth: the attributes of an LSP whose bandwidth follows its traffic (RFC 8733 5.2).
 *
 * The PCC takes samples and reports the bandwidth that it needs, when its intervals and thresholds
 * say so; the PCE finds a path for that, within the bounds, and tells it. A sub-TLV stands in a
 * message when it has changed: what is missing stays as it was, and has its default before the
 * first one.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_LSP_AUTO_BANDWIDTH_H
#define PCED_CORE_LSP_AUTO_BANDWIDTH_H

#include "core/pcep/codec.h"

#include <stdbool.h>
#include <stdint.h>

#define AUTO_BANDWIDTH_INTERVAL_MAX_S UINT32_C(604800) /* RFC 8733 5.2.1: 7 days */
#define AUTO_BANDWIDTH_SAMPLE_S       300
#define AUTO_BANDWIDTH_ADJUSTMENT_S   86400
#define AUTO_BANDWIDTH_PERCENTAGE     5 /* RFC 8733 5.2.3.2 */
#define AUTO_BANDWIDTH_COUNT_MAX      31

/* Bandwidths are octets a second. */
struct auto_bandwidth_threshold {
    float absolute;     /* 0: not set */
    float minimum;      /* of a difference that the percentage counts for */
    uint8_t percentage; /* 0: not set */
    uint8_t count;      /* samples in a row, of overflow and underflow by the absolute value */
    uint8_t percentage_count; /* … by the percentage */
};

struct auto_bandwidth {
    uint32_t sample_s; /* 0 here and below: not set, the default holds */
    uint32_t adjustment_s;
    uint32_t down_adjustment_s;
    float minimum;
    float maximum;
    struct auto_bandwidth_threshold up; /* and down, where that has none */
    struct auto_bandwidth_threshold down;
    struct auto_bandwidth_threshold overflow;
    struct auto_bandwidth_threshold underflow;
};

enum auto_bandwidth_change {
    AUTO_BANDWIDTH_STAYS, /* below the thresholds */
    AUTO_BANDWIDTH_ADJUSTED,
    AUTO_BANDWIDTH_OVERFLOWS, /* or underflows: by more than the threshold for doing it at once */
};

/* Takes the sub-TLVs of an AUTO-BANDWIDTH-ATTRIBUTES TLV. Returns how many were ignored since their
 * values are invalid, or do not fit those of the others. */
unsigned auto_bandwidth_read(const struct pcep_tlv *tlv, struct auto_bandwidth *attributes);
/* Writes the TLV with a sub-TLV for each attribute that is set; where none is, with the default of
 * the first: there is one at least. */
void auto_bandwidth_write(const struct auto_bandwidth *attributes, struct wire_writer *writer);

/* What they are, defaults included. */
uint32_t auto_bandwidth_sample_s(const struct auto_bandwidth *attributes);
uint32_t auto_bandwidth_adjustment_s(const struct auto_bandwidth *attributes);
uint32_t auto_bandwidth_down_adjustment_s(const struct auto_bandwidth *attributes);
/* Whether intervals and bounds fit each other. */
bool auto_bandwidth_is_sound(const struct auto_bandwidth *attributes);

/* Within minimum and maximum. */
float auto_bandwidth_within(const struct auto_bandwidth *attributes, float bandwidth);
/* What another bandwidth, within the bounds, is to the one that the LSP has. */
enum auto_bandwidth_change auto_bandwidth_judge(const struct auto_bandwidth *attributes, float has,
                                                float wants);

#endif
