/* What may be sent: the order of objects, and what each may hold. */
#include "core/pcep/grammar.h"

#include "tests/unit/pcep/support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RP        "0212000c 00000000 00000001"
#define RP_2      "0212000c 00000000 00000002"
#define ENDS      "0412000c c0000201 c0000209"
#define LSPA      "09100014 00000000 00000000 00000000 00000000"
#define BANDWIDTH "05100008 47f42400"
#define METRIC    "0610000c 00000101 41200000"
#define OF        "15100008 00010000"
#define RRO       "08100004"
#define IRO       "0a100004"
#define XRO       "11100008 00000000"
#define LOAD      "0e10000c 00000002 41200000"
#define POLICY    "28100010 00000000 00030001 c0000201"
#define SVEC      "0b10000c 00000001 00000001"
#define MONITOR   "1310000c 00000000 00000001"
#define PCC_ID    "14100008 c0000201"
#define PCE_ID    "19100008 c0000202"
#define PROC_TIME "1a10001c 00000000 00000001 00000001 00000001 00000001 00000000"
#define OVERLOAD  "1b100008 00000001"
#define NO_PATH   "03100008 00000000"
#define ERO       "07100004"
#define ERO_SR    "0710000c 24080009 03e89000"
#define SRP       "2110000c 00000000 00000005"
#define LSP       "20100008 00011009"
#define LSP_NAMED "20100010 00000009 0011000461626364"
#define NOTE      "0c100008 00000101"
#define ERROR     "0d100008 00000101"
#define OPEN      "01100008 201e7801"
#define CLOSE     "0f100008 00000002"
#define S2LS      "29100008 00000002"
#define LSP_P2MP  "2010001c 00011129 00200010 c0000201 00010002 c0000201 00000000"
#define LEAVES    "04300014 00000001 c0000201 c0000209 c000020a"
#define SERO      "1d100004"
#define PATH_1    "2d10000c 00000000 00000001"
#define PATH_2    "2d10000c 00000000 00000002"

struct case_of {
    uint8_t message;
    const char *objects;
    const char *reason; /* a part of what is said; NULL: it may be sent */
};

static const struct case_of cases[] = {
    {PCEP_MESSAGE_OPEN, OPEN, NULL},
    {PCEP_MESSAGE_OPEN, "", "OPEN missing"},
    {PCEP_MESSAGE_OPEN, OPEN OPEN, "one too many"},
    {PCEP_MESSAGE_OPEN, "01120008 201e7801", NULL},
    {PCEP_MESSAGE_OPEN, "01110008 201e7801", "I flag outside a reply"},
    {PCEP_MESSAGE_OPEN, "01140008 201e7801", "reserved bits"},
    {PCEP_MESSAGE_OPEN, "01100010 201e7801 00220001 00000000", "malformed"},
    {PCEP_MESSAGE_OPEN, "01100010 201e7801 fff00004 00000000", "unknown or malformed TLV"},
    {PCEP_MESSAGE_OPEN, "01100010 201e7801 00100004 80000000", "unassigned flag"},
    {PCEP_MESSAGE_OPEN, "01100010 201e7801 00230002 00010001", "padding"},
    {PCEP_MESSAGE_KEEPALIVE, "", NULL},
    {PCEP_MESSAGE_KEEPALIVE, OPEN, "out of its place"},
    {PCEP_MESSAGE_STARTTLS, "", NULL},
    {PCEP_MESSAGE_STARTTLS, CLOSE, "out of its place"},
    {PCEP_MESSAGE_PCREQ, RP ENDS, NULL},
    {PCEP_MESSAGE_PCREQ,
     RP ENDS LSP LSPA BANDWIDTH METRIC METRIC OF POLICY POLICY RRO BANDWIDTH IRO XRO LOAD, NULL},
    {PCEP_MESSAGE_PCREQ, MONITOR PCC_ID PCE_ID PCE_ID SVEC OF METRIC SVEC RP ENDS RP_2 ENDS, NULL},
    {PCEP_MESSAGE_PCREQ, MONITOR RP ENDS, "a required object is missing"},
    {PCEP_MESSAGE_PCREQ, ENDS RP, "RP missing"},
    {PCEP_MESSAGE_PCREQ, RP METRIC ENDS, "END-POINTS missing"},
    {PCEP_MESSAGE_PCREQ, RP ENDS METRIC LSPA, "out of its place"},
    {PCEP_MESSAGE_PCREQ, RP ENDS LSPA LSPA, "one too many"},
    {PCEP_MESSAGE_PCREQ, RP ENDS RP_2, "END-POINTS missing"},
    {PCEP_MESSAGE_PCREQ, RP ENDS SVEC, "out of its place"},
    {PCEP_MESSAGE_PCREQ, RP ENDS "c8100008 00000000", "unknown or malformed object"},
    {PCEP_MESSAGE_PCREQ, RP ENDS "0610000c 00010101 41200000", "reserved field"},
    {PCEP_MESSAGE_PCREQ, RP ENDS "0610000c 00008001 41200000", "unassigned flag"},
    {PCEP_MESSAGE_PCREQ, RP ENDS "20120008 00011009", "stateful"},
    {PCEP_MESSAGE_PCREQ, RP ENDS "0a10000c 7e080000 00000000", "unknown or malformed subobject"},
    {PCEP_MESSAGE_PCREQ, RP ENDS ENDS RRO, NULL},
    {PCEP_MESSAGE_PCREP, RP NO_PATH METRIC, NULL},
    {PCEP_MESSAGE_PCREP, RP ERO_SR METRIC ERO_SR OF LSPA METRIC IRO RP_2 NO_PATH, NULL},
    {PCEP_MESSAGE_PCREP, RP MONITOR PCC_ID ERO PCE_ID PROC_TIME OVERLOAD PCE_ID, NULL},
    {PCEP_MESSAGE_PCREP, RP PATH_1 ERO_SR METRIC PATH_2 ERO_SR, NULL},
    {PCEP_MESSAGE_PCREP, RP PATH_1 ERO_SR PATH_1 ERO_SR, "one path ID"},
    {PCEP_MESSAGE_PCREP, RP ERO NO_PATH, "out of its place"},
    {PCEP_MESSAGE_PCREP, NO_PATH RP, "RP missing"},
    {PCEP_MESSAGE_PCREP, "0210000c 00000000 00000001" ERO, "P flag"},
    {PCEP_MESSAGE_PCNTF, RP RP_2 NOTE NOTE NOTE RP NOTE, NULL},
    {PCEP_MESSAGE_PCNTF, NOTE, NULL},
    {PCEP_MESSAGE_PCNTF, RP, "NOTIFICATION missing"},
    {PCEP_MESSAGE_PCNTF, NOTE RP, "out of its place"},
    {PCEP_MESSAGE_PCERR, ERROR ERROR OPEN, NULL},
    {PCEP_MESSAGE_PCERR, RP ERROR RP_2 ERROR ERROR, NULL},
    {PCEP_MESSAGE_PCERR, SRP ERROR, NULL},
    {PCEP_MESSAGE_PCERR, RP ERROR OPEN, "OPEN together"},
    {PCEP_MESSAGE_PCERR, OPEN ERROR, "PCEP-ERROR missing"},
    {PCEP_MESSAGE_CLOSE, CLOSE, NULL},
    {PCEP_MESSAGE_CLOSE, "", "CLOSE missing"},
    {PCEP_MESSAGE_PCMONREQ, MONITOR PCC_ID PCE_ID SVEC RP ENDS, NULL},
    {PCEP_MESSAGE_PCMONREQ, MONITOR PCC_ID, NULL},
    {PCEP_MESSAGE_PCMONREQ, MONITOR, "PCC-REQ-ID missing"},
    {PCEP_MESSAGE_PCMONREQ, PCC_ID MONITOR, "MONITORING missing"},
    {PCEP_MESSAGE_PCMONREP, MONITOR PCC_ID RP PCE_ID PROC_TIME PCE_ID OVERLOAD, NULL},
    {PCEP_MESSAGE_PCMONREP, MONITOR PCC_ID PCE_ID OVERLOAD PROC_TIME, "out of its place"},
    {PCEP_MESSAGE_PCRPT, SRP LSP POLICY ERO_SR BANDWIDTH METRIC RRO LSPA BANDWIDTH METRIC, NULL},
    {PCEP_MESSAGE_PCRPT, LSP ERO_SR BANDWIDTH METRIC LSP ERO_SR, NULL},
    {PCEP_MESSAGE_PCRPT, LSP_P2MP LEAVES S2LS ERO SERO LEAVES S2LS RRO, NULL},
    {PCEP_MESSAGE_PCRPT, LSP_P2MP LEAVES ERO, "S2LS missing"},
    {PCEP_MESSAGE_PCRPT, LSP PATH_1 ERO_SR PATH_2 ERO_SR LSPA, NULL},
    {PCEP_MESSAGE_PCRPT, LSP RRO ERO, "ERO missing"},
    {PCEP_MESSAGE_PCRPT, LSP ERO SRP, "LSP missing"},
    {PCEP_MESSAGE_PCRPT, LSP ERO LSPA RRO, "out of its place"},
    {PCEP_MESSAGE_PCRPT, LSP ERO POLICY, "out of its place"},
    {PCEP_MESSAGE_PCRPT, "20100008 fffff009" ERO, "reserved PLSP-ID"},
    {PCEP_MESSAGE_PCRPT, "2110000c 00000000 ffffffff" LSP ERO, "reserved SRP-ID"},
    {PCEP_MESSAGE_PCRPT, LSP "0710000c 2404000c 2404000c", "SID and NAI"},
    {PCEP_MESSAGE_PCUPD, SRP LSP POLICY ERO_SR LSPA METRIC SRP LSP ERO_SR, NULL},
    {PCEP_MESSAGE_PCUPD, LSP SRP ERO, "SRP missing"},
    {PCEP_MESSAGE_PCUPD, SRP ERO, "LSP missing"},
    {PCEP_MESSAGE_PCUPD, SRP LSP, "ERO missing"},
    {PCEP_MESSAGE_PCINITIATE, SRP LSP_NAMED ENDS ERO_SR POLICY LSPA METRIC, NULL},
    {PCEP_MESSAGE_PCINITIATE, "2110000c 00000001 00000005" LSP SRP LSP, NULL},
    {PCEP_MESSAGE_PCINITIATE, SRP LSP_NAMED POLICY ERO_SR, "ERO missing"},
    {PCEP_MESSAGE_PCINITIATE, SRP "20100008 00000009" ERO, "SYMBOLIC-PATH-NAME"},
};

static void expect(const struct case_of *c)
{
    struct octets body = parse_hex_text(c->objects);
    struct octets octets = {malloc(body.size + 4), body.size + 4};
    struct decoded decoded;
    struct pcep_fault fault;
    cr_assert(octets.at != NULL);
    const uint8_t header[4] = {0x20, c->message, (uint8_t)(octets.size >> 8), (uint8_t)octets.size};
    memcpy(octets.at, header, sizeof header);
    memcpy(octets.at + 4, body.at, body.size);
    octets_free(&body);
    decoded_init(&decoded, &octets);
    enum pce_status status = decoded.status;
    cr_assert(status == PCE_OK, "%u %s: %s", c->message, c->objects, decoded.fault.reason);
    status = pcep_check_sending(&decoded.message, &decoded.arena, &fault);
    cr_assert(status == PCE_OK);
    if (c->reason == NULL)
        cr_expect(!pcep_fault_is_set(&fault), "%u %s: %s at %u", c->message, c->objects,
                  fault.reason, fault.offset);
    else
        cr_expect(pcep_fault_is_set(&fault) && strstr(fault.reason, c->reason) != NULL,
                  "%u %s: not \"%s\" but \"%s\"", c->message, c->objects, c->reason,
                  fault.reason == NULL ? "nothing" : fault.reason);
    decoded_fini(&decoded);
    octets_free(&octets);
}

Test(sending, is_as_strict_as_the_grammar)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect(&cases[i]);
}

Test(sending, every_message_type_has_a_case_that_may_be_sent)
{
    for (unsigned type = 1; type < PCEP_MESSAGE_TYPE_END; type++) {
        bool has_good = false;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
            has_good |= cases[i].message == type && cases[i].reason == NULL;
        cr_expect(has_good, "%s", pcep_message_name(type));
    }
}

Test(sending, refuses_wrong_headers)
{
    struct pcep_message message = {.type = PCEP_MESSAGE_KEEPALIVE, .version = 1};
    struct pcep_fault fault;
    struct arena arena;
    arena_init(&arena, 1U << 20);
    cr_assert(pcep_check_sending(&message, &arena, &fault) == PCE_OK);
    cr_expect(fault.error_type == 2);
    message.row = pcep_message_find(PCEP_MESSAGE_KEEPALIVE);
    cr_assert(pcep_check_sending(&message, &arena, &fault) == PCE_OK);
    cr_expect(!pcep_fault_is_set(&fault));
    message.flags = 1;
    cr_assert(pcep_check_sending(&message, &arena, &fault) == PCE_OK);
    cr_expect(pcep_fault_is_set(&fault));
    message.version = 2;
    cr_assert(pcep_check_sending(&message, &arena, &fault) == PCE_OK);
    cr_expect(fault.error_type == 1 && fault.error_value == 8);
    arena_fini(&arena);
}
