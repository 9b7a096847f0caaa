/* /api/v1/topology/log: what has changed of the network, and who told it. */
#include "server/control/api.h"

#include "core/base/number.h"
#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/network_change_json.h"
#include "server/shard/shared.h"

/* A page of the log. */
struct network_log_page {
    uint64_t next; /* the sequence number that is wanted next */
    uint64_t missed;
    json_t *rows; /* NULL: memory ran out */
};

/* The first change that is still there. */
static uint64_t network_log_first(uint64_t last)
{
    return last < NETWORK_LOG_RECORDS ? 1 : last - NETWORK_LOG_RECORDS + 1;
}

/* Without a place to go on from nothing is missed. A number that is not reached yet is of a process
 * before this one: the reader begins anew, and is told so. */
static struct network_log_page network_log_begin(uint64_t since, uint64_t last)
{
    uint64_t first = network_log_first(last);
    struct network_log_page page = {.next = since < first || since > last + 1 ? first : since};
    if (since != 0)
        page.missed = since < first ? first - since : since > last + 1;
    return page;
}

/* Up to the last change, as it was when the page was begun. */
static void network_log_fill(const struct network_log *log, uint64_t last, uint32_t limit,
                             struct network_log_page *page)
{
    page->rows = json_array();
    for (uint32_t i = 0; page->rows != NULL && i < limit && page->next <= last; page->next++) {
        struct network_change change;
        if (!network_log_read(log, page->next, &change)) {
            page->missed++; /* overwritten since */
            continue;
        }
        i++;
        if (json_array_append_new(page->rows, network_change_json(&change)) == 0)
            continue;
        json_decref(page->rows);
        page->rows = NULL;
    }
}

/* The name of the argument that is wrong, or NULL. */
static const char *network_log_read_page(const struct http_request *request, uint64_t *since,
                                         uint32_t *limit)
{
    const char *text = api_argument(request, "since");
    if (text != NULL && (!number_take(&text, INT64_MAX, since) || *text != '\0'))
        return "since";
    return api_read_limit(request, limit);
}

void api_show_topology_log(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {"since", "limit", NULL};
    const struct network_log *log = api->shared->network_log;
    uint64_t since = 0;
    uint32_t limit;
    (void)rest;
    if (!api_check_arguments(request, names))
        return;
    const char *bad = network_log_read_page(request, &since, &limit);
    if (bad != NULL) {
        api_refuse(request, 400, bad,
                   bad[0] == 's' ? "must be a sequence number" : api_explain_page(bad));
        return;
    }
    uint64_t last = network_log_last(log);
    struct network_log_page page = network_log_begin(since, last);
    network_log_fill(log, last, limit, &page);
    if (page.rows == NULL) {
        api_refuse_memory(request);
        return;
    }
    api_answer_json(request, 200,
                    json_pack("{s:o,s:I,s:b,s:I}", "changes", page.rows, "next",
                              (json_int_t)page.next, "more", (int)(page.next <= last), "missed",
                              (json_int_t)page.missed));
}
