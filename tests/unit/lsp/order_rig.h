/* A shard's orders over a PCC that the test plays: what it has reported, what it was sent, and what
 * its orders have come to. One test at a time.
 *
 * Thread: the test's. Owns: all that it hands out, until rig_fini. */
#ifndef PCED_TESTS_UNIT_LSP_ORDER_RIG_H
#define PCED_TESTS_UNIT_LSP_ORDER_RIG_H

#include "core/lsp/delegation.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"
#include "tests/unit/lsp/order_support.h"

#define RIG_MESSAGES_MAX 512
#define RIG_LSPS_MAX     8

struct rig_message {
    uint8_t type;
    uint32_t srp_id;
    uint32_t plsp_id;
    uint16_t flags;
    uint32_t srp_flags;
};

struct rig_lsp {
    const char *name;
    struct lsp_target target;
};

struct rig {
    struct wheel wheel;
    struct arena arena;
    struct lsp_orders orders;
    struct lsp_lane *lane;
    struct mono now;
    struct rig_message messages[RIG_MESSAGES_MAX];
    uint32_t message_count;
    struct rig_lsp lsps[RIG_LSPS_MAX];
    uint32_t lsp_count;
    uint32_t room; /* messages that the session still takes */
    uint32_t contested;
    uint32_t wanted;
    uint8_t octets[65536];
};

extern struct rig rig;

/* One PCC of that profile; its session is up, and not yet synchronised. */
void rig_init(enum lsp_profile_id profile);
void rig_fini(void);
void rig_up(enum lsp_profile_id profile);
void rig_synchronise(void);
/* So many milliseconds pass; timers fire, orders are sent. */
void rig_pass(uint64_t ms);
/* The PCC has an LSP, delegated. */
void rig_add_lsp(const char *name, uint32_t plsp_id);
void rig_set_flags(const char *name, uint16_t flags);
void rig_remove_lsp(const char *name);

#define RIG_ERO       "0710 000c 2408 0009 03e8 9000"
#define RIG_OTHER_ERO "0710 000c 2408 0009 03e8 a000"

/* Submits; the test fails where that does. Returns the order's id. */
uint64_t rig_order(enum lsp_order_kind kind, const char *name, enum lsp_order_who who);
/* Submits, wants it refused so, and gives the reason. */
const char *rig_refusal(enum lsp_order_kind kind, const char *name, enum pce_status status);
const struct lsp_order *rig_find(uint64_t id);
enum lsp_order_state rig_state(uint64_t id);

/* A report with the path RIG_ERO, delegated, administratively up. */
void rig_report(const char *name, uint32_t srp_id, enum pcep_lsp_operational operational);
void rig_report_path(const char *name, uint32_t srp_id, enum pcep_lsp_operational operational,
                     const char *ero);
void rig_report_flags(const char *name, uint32_t srp_id, uint16_t flags);
void rig_report_gone(const char *name, uint32_t srp_id);
void rig_error(uint32_t srp_id, uint8_t type, uint8_t value);
uint64_t rig_digest(const char *ero);
const struct rig_message *rig_last(void);

#endif
