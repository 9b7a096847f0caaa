#include "server/control/api_arguments.h"

#include "core/base/number.h"
#include "server/config/config_lists.h"
#include "server/control/api_answer.h"

#include <string.h>

const char *api_argument(const struct http_request *request, const char *name)
{
    for (uint32_t i = 0; i < request->argument_count; i++) {
        if (strcmp(request->arguments[i].name, name) == 0)
            return request->arguments[i].value;
    }
    return NULL;
}

bool api_check_arguments(struct http_request *request, const char *const *names)
{
    for (uint32_t i = 0; i < request->argument_count; i++) {
        const char *const *name = names;
        while (*name != NULL && strcmp(*name, request->arguments[i].name) != 0)
            name++;
        const char *message = *name == NULL ? "there is no such argument" : NULL;
        for (uint32_t k = 0; k < i && message == NULL; k++) {
            if (strcmp(request->arguments[k].name, request->arguments[i].name) == 0)
                message = "the argument is there twice";
        }
        if (message == NULL)
            continue;
        api_refuse(request, 400, request->arguments[i].name, message);
        return false;
    }
    return true;
}

bool api_read_range(const struct http_request *request, const char *name,
                    struct address_range *range)
{
    const char *text = api_argument(request, name);
    struct config_prefix prefix = {.ip = {.family = IP_NONE}};
    const char *reason;
    if (text != NULL && !config_parse_prefix(text, &prefix, &reason))
        return false;
    *range = (struct address_range){.ip = prefix.ip, .bits = prefix.bits};
    return true;
}

bool api_read_either(const struct http_request *request, const char *name, uint8_t *either)
{
    const char *text = api_argument(request, name);
    *either = UINT8_MAX;
    if (text == NULL)
        return true;
    *either = strcmp(text, "true") == 0;
    return *either != 0 || strcmp(text, "false") == 0;
}

bool api_read_pcc(const struct http_request *request, struct address_range *pcc)
{
    const char *text = api_argument(request, "pcc");
    *pcc = (struct address_range){.ip = {.family = IP_NONE}};
    if (text != NULL && !ip_parse(text, &pcc->ip))
        return false;
    pcc->bits = (uint8_t)(8 * ip_size(&pcc->ip));
    return true;
}

const char *api_read_limit(const struct http_request *request, uint32_t *limit)
{
    const char *text = api_argument(request, "limit");
    uint64_t number = API_PAGE_DEFAULT;
    if (text != NULL && (!number_parse(text, API_PAGE_MAX, &number) || number == 0))
        return "limit";
    *limit = (uint32_t)number;
    return NULL;
}

const char *api_read_page(const struct http_request *request, struct api_page *page)
{
    if (!api_read_range(request, "peer", &page->range))
        return "peer";
    return api_read_limit(request, &page->limit);
}

const char *api_explain_page(const char *field)
{
    if (strcmp(field, "peer") == 0)
        return "must be an address or a prefix such as 192.0.2.0/24";
    if (strcmp(field, "limit") == 0)
        return "must be a number from 1 to 1000";
    return "must be the \"next\" of another page, of a list without sort";
}
