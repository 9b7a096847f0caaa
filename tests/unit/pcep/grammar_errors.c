/* Every error that decoding and the grammar can give, raised by a message; and the list of those
 * that they cannot, with the reason. */
#include "core/pcep/error.h"
#include "core/pcep/grammar.h"

#include "tests/unit/pcep/error_places.h"
#include "tests/unit/pcep/support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RP               "0212000c 00000000 00000001"
#define ENDS             "0412000c c0000201 c0000209"
#define ENDS_P2MP        "04320014 00000001 c0000201 c0000209 c000020a"
#define SRP              "2110000c 00000000 00000005"
#define SRP_REMOVE       "2110000c 00000001 00000005"
#define SRP_PCECC        "21100014 00000000 00000005 001c0004 00000002"
#define LSP              "20100008 00011009"
#define LSP_NAMED        "20100010 00000009 0011000461626364"
#define LSP_NAMED_9      "20100010 00009009 0011000461626364"
#define LSP_P2MP         "20100008 00011109"
#define ENDS_TREE        "04300010 00000003 c0000201 c0000209"
#define ERO              "07100004"
#define ERO_IPV4         "0710000c 0108c0000201 2000"
#define ERO_SR           "0710000c 24080009 03e89000"
#define RRO_SR           "0810000c 24080009 03e89000"
#define OPEN(tlvs, size) "011000" size " 201e7801" tlvs
#define RP_R             "0212000c 00000008 00000001"
/* A generalized END-POINTS of that size, with an endpoint and what is said of it. */
#define ENDS_GMPLS(size, tlvs) "0452" size " 00000000 00270004 c0000201" tlvs
#define LABEL_SET(flags)       " 002b0008 " flags " 00000064"
#define CCI_NATIVE             "2c20000c 00000001 00000000"
#define EPR                    "2f100010 000a0000 c0000209 c0000202"
#define FLOWSPEC(size, afi)    "2b10" size " 00000001 " afi "0000"
#define SPEAKER                " 0018000470636531"
#define FILTER                 " 00340008 00010002 08c00000"
#define IDS                    "00120010 c0000201 00010002 c0000201 c0000209"

/* One message and the error that it gives. */
struct error_case {
    uint8_t type;
    uint8_t value;
    uint8_t message;
    const char *objects;
};

static const struct error_case cases[] = {
    {1, 1, PCEP_MESSAGE_OPEN, ""},
    {1, 1, PCEP_MESSAGE_OPEN, OPEN("001d0008 00000001 fff00011", "14")},
    {1, 1, PCEP_MESSAGE_OPEN, OPEN("001d0008 00000001 00010000", "14")},
    {1, 1, PCEP_MESSAGE_OPEN, OPEN("001d0010 00000001 00010010 00000001 00080010", "1c")},
    {1, 1, PCEP_MESSAGE_OPEN, OPEN("00230002 00010000 00230002 00020000", "18")},
    {2, 0, 99, ""},
    {3, 1, PCEP_MESSAGE_PCREQ, RP ENDS "c8120008 00000000"},
    {3, 2, PCEP_MESSAGE_PCREQ, RP ENDS "07920004"},
    {4, 1, PCEP_MESSAGE_PCREQ, RP ENDS "0f120008 00000002"},
    {4, 4, PCEP_MESSAGE_PCRPT,
     "20100020 00011009 00320014 00400100 00000001 00000005 00000000 00000000" ERO},
    {6, 1, PCEP_MESSAGE_PCREQ, ENDS},
    {6, 1, PCEP_MESSAGE_PCREP, ERO},
    {6, 2, PCEP_MESSAGE_PCREQ, "0212000c 00000008 00000001" ENDS "05100008 47f42400"},
    {6, 3, PCEP_MESSAGE_PCREQ, RP},
    {6, 3, PCEP_MESSAGE_PCMONREQ, "1310000c 00000000 00000001 14100008 c0000201" RP},
    {6, 3, PCEP_MESSAGE_PCUPD, SRP LSP_P2MP ERO},
    {6, 3, PCEP_MESSAGE_PCINITIATE, SRP "20100010 00000109 0011000461626364" ERO},
    {6, 3, PCEP_MESSAGE_PCRPT, LSP_P2MP "29100008 00000000" ERO},
    {6, 4, PCEP_MESSAGE_PCMONREQ, "14100008 c0000201"},
    {6, 4, PCEP_MESSAGE_PCMONREP, "14100008 c0000201"},
    {6, 8, PCEP_MESSAGE_PCRPT, SRP ERO},
    {6, 8, PCEP_MESSAGE_PCRPT, ""},
    {6, 9, PCEP_MESSAGE_PCRPT, LSP},
    {6, 9, PCEP_MESSAGE_PCUPD, SRP LSP},
    {6, 9, PCEP_MESSAGE_PCINITIATE, SRP LSP_NAMED},
    {6, 10, PCEP_MESSAGE_PCUPD, LSP ERO},
    {6, 10, PCEP_MESSAGE_PCINITIATE, ""},
    {6, 11, PCEP_MESSAGE_PCRPT, LSP ERO_IPV4},
    {6, 13, PCEP_MESSAGE_PCRPT,
     "2010001c 00011109 00200010 c0000201 00010002 c0000201 00000000" ENDS_TREE ERO},
    {6, 14, PCEP_MESSAGE_PCRPT, LSP_P2MP ENDS_TREE "29100008 00000000" ERO},
    {6, 15, PCEP_MESSAGE_PCRPT, LSP "28100010 00000000 00020001 c0000201" ERO},
    {6, 18, PCEP_MESSAGE_PCRPT, LSP "28100010 00000000 00070001 c0000201" ERO},
    {6, 21, PCEP_MESSAGE_PCRPT, LSP "28100010 00000000 00060001 c0000201" ERO},
    {6, 19, PCEP_MESSAGE_PCINITIATE, SRP LSP_NAMED CCI_NATIVE CCI_NATIVE EPR},
    {6, 20, PCEP_MESSAGE_PCINITIATE, SRP LSP_NAMED ENDS_GMPLS("0010", "") ERO},
    {8, 0, PCEP_MESSAGE_PCREQ, "0212000c 00000000 00000000" ENDS},
    {10, 1, PCEP_MESSAGE_PCREQ, "0210000c 00000000 00000001" ENDS},
    {10, 1, PCEP_MESSAGE_PCREP, "0210000c 00000000 00000001" ERO},
    {10, 2, PCEP_MESSAGE_PCRPT, LSP "0710000c 24080009 00003000"},
    {10, 5, PCEP_MESSAGE_PCRPT, LSP "07100014 24080009 03e89000 0108c0000201 2000"},
    {10, 6, PCEP_MESSAGE_PCRPT, LSP "07100008 2404000c"},
    {10, 7, PCEP_MESSAGE_PCRPT, LSP ERO_SR "08100008 2404000c"},
    {10, 8, PCEP_MESSAGE_PCINITIATE, SRP "20100008 00000009" ERO},
    {10, 10, PCEP_MESSAGE_PCRPT, LSP ERO_SR "08100014 24080009 03e89000 0108c0000201 2000"},
    {10, 11, PCEP_MESSAGE_PCREQ, RP ENDS "06100008 00000101"},
    {10, 11, PCEP_MESSAGE_PCREQ, RP ENDS "09100014 00000000 00000000 00000000 08000000"},
    {10, 11, PCEP_MESSAGE_PCREQ, RP ENDS "09100014 00000000 00000000 00000000 07080000"},
    {10, 11, PCEP_MESSAGE_PCREQ, RP ENDS "05100008 bf800000"},
    {10, 11, PCEP_MESSAGE_PCREQ, RP ENDS "05200008 7f800000"},
    {10, 11, PCEP_MESSAGE_PCREQ, RP ENDS "0610000c 00000101 7fc00000"},
    {10, 11, PCEP_MESSAGE_PCREQ, RP ENDS "0a10000c 0108c0000201 2100"},
    {10, 11, PCEP_MESSAGE_PCREQ, RP ENDS "0a100018 021420010db8000000000000000000000001 8100"},
    {10, 11, PCEP_MESSAGE_PCRPT, "2010000c 00011009 00180000" ERO},
    {10, 12, PCEP_MESSAGE_OPEN, OPEN("00220008 00000001 01000000", "14")},
    {10, 13, PCEP_MESSAGE_PCRPT, LSP "0710000c 24089001 03e89000"},
    {10, 20, PCEP_MESSAGE_PCRPT, LSP "07100014 24080009 03e89000 24080008 00000001"},
    {10, 21, PCEP_MESSAGE_OPEN, OPEN("00220010 00000001 01000000 001a0004 00000000", "1c")},
    {10, 22, PCEP_MESSAGE_PCRPT,
     "2010001c 00011109 00200010 c0000201 00010002 c0000201 00000000" ENDS_TREE
     "29100008 00000001" ERO},
    {10, 24, PCEP_MESSAGE_PCREQ, RP ENDS "0532000c 00000000 04000000"},
    {10, 28, PCEP_MESSAGE_PCREQ, RP ENDS_GMPLS("001c", LABEL_SET("00008002"))},
    {10, 29, PCEP_MESSAGE_PCREQ, RP_R ENDS_GMPLS("001c", LABEL_SET("00018002"))},
    {10, 30, PCEP_MESSAGE_PCREQ, RP_R ENDS_GMPLS("001c", LABEL_SET("01008002"))},
    {10, 32, PCEP_MESSAGE_PCRPT,
     LSP "28100020 00000000 00020001 c0000201 002e0004 00000001 00040002 00010000" ERO},
    {10, 33, PCEP_MESSAGE_OPEN, OPEN("00220008 00000001 02000000", "14")},
    {10, 33, PCEP_MESSAGE_OPEN, OPEN("00220008 00000001 04000000", "14")},
    {10, 34, PCEP_MESSAGE_OPEN, OPEN("00220008 00000001 03000000", "14")},
    {10, 35, PCEP_MESSAGE_PCRPT, LSP ERO_SR "0810000c 28080003 00000000"},
    {10, 36, PCEP_MESSAGE_PCRPT,
     LSP ERO_SR "08100024 28180002 00000000 20010db8000000000000000000000001 0108c0000201 2000"},
    {10, 37, PCEP_MESSAGE_PCRPT,
     LSP "07100024 28200006 00000000 20010db8000000000000000000000001 40404040 00000000"},
    {10, 38, PCEP_MESSAGE_PCRPT,
     LSP "2d10000c 00000000 00000001" ERO_SR "2d10000c 00000000 00000001" ERO_SR},
    {10, 39, PCEP_MESSAGE_OPEN, OPEN("00220010 00000001 04000000 00010004 00000001", "1c")},
    {10, 41, PCEP_MESSAGE_PCRPT, LSP "07100010 280c1000 00000000 c0000201"},
    {10, 42, PCEP_MESSAGE_PCRPT, LSP "0710000c 28080003 00000000"},
    {10, 43, PCEP_MESSAGE_PCRPT,
     LSP "07100024 28180002 00000000 20010db8000000000000000000000001 0108c0000201 2000"},
    {19, 8, PCEP_MESSAGE_PCINITIATE, SRP LSP_NAMED_9 ERO},
    {19, 22, PCEP_MESSAGE_PCINITIATE, SRP LSP_NAMED CCI_NATIVE EPR EPR},
    {23, 2, PCEP_MESSAGE_PCRPT, "20100010 00011009 0018000461626364" ERO},
    {10, 2, PCEP_MESSAGE_PCRPT, "20100014 00011009 00370007 00000000 00003000" ERO},
    {10, 37, PCEP_MESSAGE_PCRPT,
     "20100028 00011009 0037001c 03000000 20010db8000000000000000000000001 00000001 40404040" ERO},
    {32, 5, PCEP_MESSAGE_PCRPT,
     "20100020 00011009 00370007 00000000 00064000 00370008 01000000 00064000" ERO},
    {26, 7, PCEP_MESSAGE_PCRPT,
     LSP "28100030 00000000 00060001 c0000201 0039001c 00000000 00000000 00000000 00000000"
         "00000000 c0000201 00000001"
         "28100030 00000000 00060002 c0000201 0039001c 00000000 00000000 00000000 00000000"
         "00000000 c0000201 00000001" ERO},
    {27, 3, PCEP_MESSAGE_PCREQ, RP ENDS "2a120014 00000000 00090008 00000000 00010004"},
    {30, 1, PCEP_MESSAGE_PCRPT,
     LSP ERO FLOWSPEC("0020", "0001") SPEAKER "0034000800140004 00000000"},
    {30, 2, PCEP_MESSAGE_PCRPT, LSP ERO FLOWSPEC("0014", "0001") SPEAKER},
    {30, 2, PCEP_MESSAGE_PCRPT, LSP ERO FLOWSPEC("0018", "0001") FILTER},
    {30, 2, PCEP_MESSAGE_PCRPT, LSP ERO FLOWSPEC("0020", "0003") SPEAKER FILTER},
    {30, 2, PCEP_MESSAGE_PCRPT,
     LSP ERO FLOWSPEC("0028", "0001") SPEAKER "00340010 00010002 08c00000 00010002 08c10000"},
    {30, 2, PCEP_MESSAGE_PCRPT,
     LSP ERO FLOWSPEC("0028", "0001") SPEAKER "00340010 0101000c 00012020 c0000201 e0000001"},
};
#define CASE_COUNT (sizeof cases / sizeof cases[0])

/* Rows that neither the octets nor the grammar of one message can tell. */
#define SESSION  "needs what the session agreed or went through before"
#define LSP_DB   "needs what is known of the LSP, the group or the peer's other LSPs"
#define PLANNER  "is what the computation, or the policy, says of a sound request"
#define ROUTER   "is said by a PCC of what it was told to do"
#define PATHLESS "is the same message as one that lacks its ERO, which 6/9 tells"
static const struct {
    uint8_t type;
    uint8_t first; /* values from … to */
    uint8_t last;
    const char *reason;
} elsewhere[] = {
    {1, 2, 7, SESSION},    {1, 8, 8, "is told by framing: see the tests of frames and headers"},
    {4, 2, 2, PLANNER},    {4, 5, 9, PLANNER},
    {5, 1, 8, PLANNER},    {6, 12, 12, SESSION},
    {6, 16, 16, LSP_DB},   {6, 17, 17, PATHLESS},
    {6, 22, 22, SESSION},  {7, 0, 0, PLANNER},
    {9, 0, 0, SESSION},    {10, 3, 4, ROUTER},
    {10, 9, 9, SESSION},   {10, 14, 19, ROUTER},
    {10, 23, 23, SESSION}, {10, 25, 27, PLANNER},
    {10, 31, 31, SESSION}, {10, 40, 40, ROUTER},
    {10, 44, 45, SESSION}, {11, 0, 0, PLANNER},
    {12, 1, 3, PLANNER},   {13, 1, 1, PLANNER},
    {15, 1, 2, PLANNER},   {16, 1, 2, PLANNER},
    {17, 1, 4, PLANNER},   {18, 1, 4, SESSION},
    {19, 1, 7, LSP_DB},    {19, 9, 19, LSP_DB},
    {19, 20, 20, ROUTER},  {19, 21, 21, LSP_DB},
    {19, 23, 32, LSP_DB},  {19, 33, 33, SESSION},
    {19, 34, 34, PLANNER}, {19, 35, 38, LSP_DB},
    {20, 1, 7, SESSION},   {21, 1, 2, SESSION},
    {23, 1, 1, LSP_DB},    {24, 1, 3, ROUTER},
    {25, 1, 5, SESSION},   {26, 1, 6, LSP_DB},
    {26, 8, 21, LSP_DB},   {27, 1, 2, PLANNER},
    {28, 1, 2, SESSION},   {29, 1, 5, PLANNER},
    {30, 3, 5, ROUTER},    {31, 1, 5, ROUTER},
    {32, 1, 4, LSP_DB},    {33, 1, 6, ROUTER},
};

struct checked {
    struct octets octets;
    struct decoded decoded;
    struct pcep_fault fault;
};

static void check(struct checked *c, unsigned type, const char *objects)
{
    struct octets body = parse_hex_text(objects);
    memset(c, 0, sizeof *c);
    c->octets = (struct octets){malloc(body.size + 4), body.size + 4};
    cr_assert(c->octets.at != NULL);
    const uint8_t header[4] = {0x20, (uint8_t)type, (uint8_t)(c->octets.size >> 8),
                               (uint8_t)c->octets.size};
    memcpy(c->octets.at, header, sizeof header);
    memcpy(c->octets.at + 4, body.at, body.size);
    octets_free(&body);
    decoded_init(&c->decoded, &c->octets);
    cr_assert(c->decoded.status == PCE_OK, "%u %s: %s", type, objects, c->decoded.fault.reason);
    enum pce_status status = pcep_check_received(&c->decoded.message, &c->decoded.arena, &c->fault);
    cr_assert(status == PCE_OK, "%u %s: %d", type, objects, (int)status);
}

static void finish(struct checked *c)
{
    decoded_fini(&c->decoded);
    octets_free(&c->octets);
}

Test(grammar_errors, each_is_raised_by_its_message)
{
    for (size_t i = 0; i < CASE_COUNT; i++) {
        struct checked c;
        check(&c, cases[i].message, cases[i].objects);
        cr_expect(c.fault.error_type == cases[i].type && c.fault.error_value == cases[i].value,
                  "%u/%u: %s gives %u/%u (%s)", cases[i].type, cases[i].value, cases[i].objects,
                  c.fault.error_type, c.fault.error_value,
                  c.fault.reason == NULL ? "nothing" : c.fault.reason);
        cr_expect(c.fault.offset < c.octets.size + (c.octets.size == 4), "%u/%u: offset %u",
                  cases[i].type, cases[i].value, c.fault.offset);
        finish(&c);
    }
}

static bool is_raised(unsigned type, unsigned value)
{
    for (size_t i = 0; i < CASE_COUNT; i++) {
        if (cases[i].type == type && cases[i].value == value)
            return true;
    }
    return false;
}

static const char *reason_elsewhere(unsigned type, unsigned value)
{
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++) {
        if (elsewhere[i].type == type && value >= elsewhere[i].first && value <= elsewhere[i].last)
            return elsewhere[i].reason;
    }
    return NULL;
}

const char *error_place(unsigned type, unsigned value)
{
    return is_raised(type, value) ? NULL : reason_elsewhere(type, value);
}

static void expect_place(unsigned type, unsigned value)
{
    const char *reason = reason_elsewhere(type, value);
    cr_expect(is_raised(type, value) != (reason != NULL), "%u/%u %s: %s", type, value,
              pcep_error_text(type, value),
              reason == NULL ? "neither raised nor excused" : "both raised and excused");
}

/* A type without values has only value 0. */
Test(grammar_errors, each_row_is_raised_or_has_its_place_elsewhere)
{
#define PCEP_ERROR_TYPE(id, type, text)                                                            \
    if (*pcep_error_text(type, 1) == '\0' && *pcep_error_text(type, 2) == '\0')                    \
        expect_place(type, 0);
#define PCEP_ERROR(id, type, value, text, reference) expect_place(type, value);
#include "core/pcep/error.def"
#undef PCEP_ERROR_TYPE
#undef PCEP_ERROR
}

/* What is not to be found wrong, one octet beside what is. */
Test(grammar_errors, sound_messages_have_none)
{
    static const struct {
        uint8_t message;
        const char *objects;
    } sound[] = {
        {PCEP_MESSAGE_KEEPALIVE, ""},
        {PCEP_MESSAGE_STARTTLS, ""},
        {PCEP_MESSAGE_OPEN, OPEN("001d0008 00000001 fff00010", "14")},
        {PCEP_MESSAGE_OPEN, OPEN("001d0010 00000001 00010010 00000001 00110010", "1c")},
        {PCEP_MESSAGE_OPEN, OPEN("00220010 00000001 01000000 001a0004 00000100", "1c")},
        {PCEP_MESSAGE_PCREQ, RP ENDS "0f100008 00000002"},
        {PCEP_MESSAGE_PCREQ, RP ENDS_P2MP},
        {PCEP_MESSAGE_PCREQ, RP ENDS "09100014 00000000 00000000 00000000 07070000"},
        {PCEP_MESSAGE_PCREQ, RP ENDS "05100008 00000000"},
        {PCEP_MESSAGE_PCREQ, RP ENDS "0a10000c 0108c0000201 2000"},
        {PCEP_MESSAGE_PCREQ, RP ENDS "0a100018 021420010db8000000000000000000000001 8000"},
        {PCEP_MESSAGE_PCMONREQ, "1310000c 00000000 00000001 14100008 c0000201"},
        {PCEP_MESSAGE_PCRPT, "2010001c 00011009 " IDS ERO_IPV4},
        {PCEP_MESSAGE_PCRPT, SRP_PCECC LSP ERO_IPV4},
        {PCEP_MESSAGE_PCRPT, LSP "28100010 00000001 00020001 c0000201" ERO},
        {PCEP_MESSAGE_PCRPT, LSP "2d10000c 00000000 00000000" ERO "2d10000c 00000000 00000000" ERO},
        {PCEP_MESSAGE_PCRPT, "20100010 00011089 0018000461626364" ERO},
        {PCEP_MESSAGE_PCINITIATE, SRP LSP_NAMED ERO},
        {PCEP_MESSAGE_PCINITIATE, SRP_REMOVE LSP},
        {PCEP_MESSAGE_PCNTF, RP "0c100008 00000101"},
        {PCEP_MESSAGE_PCERR, "0d100008 00000101"},
        {PCEP_MESSAGE_CLOSE, "0f100008 00000002"},
    };
    for (size_t i = 0; i < sizeof sound / sizeof sound[0]; i++) {
        struct checked c;
        check(&c, sound[i].message, sound[i].objects);
        cr_expect(!pcep_fault_is_set(&c.fault), "%u %s: %u/%u %s", sound[i].message,
                  sound[i].objects, c.fault.error_type, c.fault.error_value, c.fault.reason);
        finish(&c);
    }
}

/* What RFC 5440 has no error for is told all the same. */
Test(grammar_errors, missing_objects_without_an_error_are_faults)
{
    static const uint8_t types[] = {PCEP_MESSAGE_PCNTF, PCEP_MESSAGE_PCERR, PCEP_MESSAGE_CLOSE};
    for (size_t i = 0; i < sizeof types; i++) {
        struct checked c;
        check(&c, types[i], RP);
        cr_expect(c.fault.scope == PCEP_FAULT_MESSAGE && c.fault.error_type == 0);
        finish(&c);
    }
}
