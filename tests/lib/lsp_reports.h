/* Reports for a database of LSPs without a session: a report is described, written as a PCRpt,
 * decoded, and given to the database as the handler gives it.
 *
 * Thread: one caller. Owns: the database of the rig, and an arena. */
#ifndef PCED_TESTS_LIB_LSP_REPORTS_H
#define PCED_TESTS_LIB_LSP_REPORTS_H

#include "core/lsp/lsp_db.h"
#include "core/pcep/model.h"

#define LSP_REPORT_GROUPS_MAX 80

struct lsp_report_group {
    uint16_t type;
    uint16_t id;
    uint32_t source; /* IPv4 */
    bool is_removed;
    uint16_t flags;      /* others */
    uint32_t color;      /* of an Extended Association ID; 0: none */
    uint32_t preference; /* of a candidate path; 0: not said */
};

/* What a report says; zero says nothing. */
struct lsp_report_spec {
    uint32_t plsp_id;
    const char *name; /* NULL: no TLV */
    size_t name_size; /* 0: that of the text */
    uint16_t flags;   /* PCEP_LSP_… */
    bool has_srp;
    uint32_t srp_id;
    uint32_t srp_flags;
    uint8_t setup_type;
    bool has_identifiers;
    uint16_t lsp_id;
    uint32_t endpoint;     /* IPv4 */
    uint64_t version;      /* of an LSP-DB-VERSION; 0: no TLV */
    uint32_t color;        /* of a COLOR TLV; 0: no TLV */
    struct wire_span tlvs; /* more of the LSP object, as they are */
    bool has_no_ero;
    uint32_t segments[8]; /* labels; the first 0 ends them */
    float bandwidth;      /* 0: no object */
    const struct pcep_lspa *lspa;
    const struct pcep_metric *metric;
    struct wire_span auto_bandwidth; /* sub-TLVs in an LSPA; NULL: no LSPA */
    const struct lsp_report_group *groups;
    uint32_t group_count;
};

struct lsp_rig {
    struct wheel wheel;
    struct lsp_db db;
    struct arena arena;
    struct mono now;
    struct pcep_fault fault; /* of the last report */
    uint8_t message[65536];
    /* What the events said. */
    uint32_t change_count;
    uint32_t answer_count;
    struct lsp *answered; /* of the last answer; NULL: removed */
    uint32_t limit_count;
    enum lsp_limit limit;
};

void lsp_rig_init(struct lsp_rig *rig, const struct lsp_limits *limits);
void lsp_rig_fini(struct lsp_rig *rig);
/* A session of 192.0.2.number is UP, with or without the capability to be updated. */
struct lsp_pcc *lsp_rig_up(struct lsp_rig *rig, uint8_t number, bool may_update);
struct ip lsp_rig_address(uint8_t number);
/* Time passes: timers fire, and the database has its turn until nothing is left to do. */
void lsp_rig_pass(struct lsp_rig *rig, uint64_t ms);
void lsp_rig_finish(struct lsp_rig *rig);
/* The octets of the PCRpt. */
struct wire_span lsp_rig_write(struct lsp_rig *rig, const struct lsp_report_spec *spec);
enum pce_status lsp_rig_report(struct lsp_rig *rig, struct lsp_pcc *pcc,
                               const struct lsp_report_spec *spec);
/* The octets of a PCRpt of one LSP that the grammar allows. */
enum pce_status lsp_rig_take(struct lsp_rig *rig, struct lsp_pcc *pcc, struct wire_span octets);

#endif
