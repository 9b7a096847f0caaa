/* LSP view: what the outside sees of LSPs, copied by the shard that has them: a list, and one by its
 * name.
 *
 * Thread: the arguments are those of an envelope. Owns: nothing; the views are the poster's memory.
 * Bound: VIEW_BATCH LSPs looked at for each envelope; LSP_DETAIL_OCTETS of one LSP. */
#ifndef PCED_SERVER_NORTHBOUND_LSP_VIEW_H
#define PCED_SERVER_NORTHBOUND_LSP_VIEW_H

#include "core/lsp/auto_bandwidth.h"
#include "core/lsp/lsp_db.h"
#include "core/lsp/lsp_history.h"
#include "core/lsp/sr_policy.h"
#include "server/northbound/address_range.h"
#include "server/northbound/envelope.h"
#include "server/northbound/lsp_name.h"

/* Objects of one LSP that a detail holds. A report is one message at most, so this is all of them
 * for every LSP whose reports are not some of the largest that there can be. */
#define LSP_DETAIL_OCTETS ((size_t)256 * 1024)

/* The SR policy that it is a candidate path of. */
struct lsp_policy_view {
    bool is_there;
    struct sr_policy policy; /* without its names */
    uint8_t policy_name_size;
    uint8_t path_name_size;
    char policy_name[LSP_NAME_MAX];
    char path_name[LSP_NAME_MAX];
};

/* One LSP as it was when the shard looked. */
struct lsp_view {
    uint32_t shard;
    struct lsp_handle id;
    struct ip pcc;
    struct ip source; /* of its LSP-IDENTIFIERS or its SR policy; IP_NONE: it has none */
    struct ip destination;
    uint16_t tunnel_id;
    uint16_t lsp_id;
    uint32_t plsp_id; /* 0: its PCC has not told it in this session */
    uint32_t srp_id;  /* of the last report; 0: none */
    uint32_t instance_count;
    uint8_t operational; /* enum pcep_lsp_operational, or a reserved value */
    bool is_delegated;
    bool is_stale;
    bool has_color; /* of its SR policy, or of its COLOR TLV */
    uint32_t color;
    struct lsp_summary summary; /* of the instance that stands for it */
    uint64_t age_ns;
    uint64_t changed_ns; /* since the last change */
    uint8_t name_size;
    char name[LSP_NAME_MAX];
    struct lsp_policy_view policy;
};

/* Which LSPs a list has. */
struct lsp_filter {
    struct address_range pcc;
    struct address_range source;
    struct address_range destination;
    uint8_t operational; /* only this state; UINT8_MAX: all */
    uint8_t setup_type;  /* only this PATH-SETUP-TYPE; UINT8_MAX: all */
    uint8_t delegated;   /* 0 or 1: only those; UINT8_MAX: all */
    uint8_t stale;       /* likewise */
    uint8_t name_size;   /* 0: all names */
    char name[LSP_NAME_MAX];
};

/* The argument of VIEW_LSP_LIST. */
struct lsp_list {
    struct view_page page; /* of struct lsp_view; place: a slot */
    struct lsp_filter filter;
};

/* The objects of an instance, or one ASSOCIATION, in the octets of a detail. */
struct lsp_objects {
    uint32_t offset;
    uint32_t size;
    uint16_t lsp_id; /* of an instance */
};

/* The argument of VIEW_LSP. */
struct lsp_detail {
    struct lsp_name name;
    bool is_found;
    bool is_cut; /* there was no room for all objects */
    bool has_auto_bandwidth;
    struct auto_bandwidth auto_bandwidth; /* as reports have told it */
    float requested;                      /* of it: octets a second; below 0: not known */
    float granted;
    struct lsp_view view;
    struct lsp_objects instances[LSP_INSTANCES_MAX];
    struct lsp_objects associations[LSP_ASSOCIATIONS_MAX];
    uint32_t instance_count;
    uint32_t association_count;
    struct lsp_history_entry history[LSP_HISTORY_MAX]; /* newest first */
    uint64_t history_ago_ns[LSP_HISTORY_MAX];
    uint32_t history_count;
    size_t octets_size;
    uint8_t octets[LSP_DETAIL_OCTETS];
};

#endif
