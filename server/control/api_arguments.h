/* API arguments: what stands behind the '?' of a request, and what all lists have there.
 *
 * Thread: the control thread. Owns: nothing; texts are the request's.
 * Bound: API_PAGE_MAX rows of a list. */
#ifndef PCED_SERVER_CONTROL_API_ARGUMENTS_H
#define PCED_SERVER_CONTROL_API_ARGUMENTS_H

#include "server/control/http.h"
#include "server/northbound/address_range.h"

#define API_PAGE_DEFAULT 100
#define API_PAGE_MAX     1000

/* The value of an argument, or NULL. */
const char *api_argument(const struct http_request *request, const char *name);
/* False when there is another argument than those, or one of them twice; it was refused. names:
 * ends with NULL. */
bool api_check_arguments(struct http_request *request, const char *const *names);

/* An address or a prefix; all addresses without the argument. False: it is neither. */
bool api_read_range(const struct http_request *request, const char *name,
                    struct address_range *range);

/* "true" or "false" as 1 or 0; UINT8_MAX without the argument. False: it is neither. */
bool api_read_either(const struct http_request *request, const char *name, uint8_t *either);

#define API_MUST_BE_PCC "must be the address of a PCC"

/* The argument "pcc": one address; all addresses without it. False: it is none. */
bool api_read_pcc(const struct http_request *request, struct address_range *pcc);

/* From 1 to API_PAGE_MAX. The name of the argument if it is wrong, or NULL. */
const char *api_read_limit(const struct http_request *request, uint32_t *limit);

/* What the arguments "peer" and "limit" of a list say. */
struct api_page {
    struct address_range range; /* of "peer"; all without it */
    uint32_t limit;             /* 1 to API_PAGE_MAX */
};

/* The name of the argument that is wrong, or NULL. */
const char *api_read_page(const struct http_request *request, struct api_page *page);
/* What "peer", "limit" or "cursor" must be. */
const char *api_explain_page(const char *field);

#endif
