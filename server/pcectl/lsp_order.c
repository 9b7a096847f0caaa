#include "server/pcectl/lsp_order.h"

#include "core/base/number.h"
#include "server/pcectl/command.h"
#include "server/pcectl/pages.h"
#include "server/pcectl/row.h"
#include "server/pcectl/show.h"

#include <string.h>
#include <time.h>

#define LSPS         "/api/v1/lsps"
#define PCCS         "/api/v1/pccs"
#define ORDERS       "/api/v1/orders"
#define LOOK_EACH_MS 100

static const char *const lsp_orders_all[] = {"return", "resync", "control",
                                             "delete", "adopt",  "reoptimise"};

void lsp_order_print_usage(FILE *file)
{
    (void)fprintf(file,
                  "       pcectl lsp return|control|resync|delete|adopt|reoptimise ID | PCC NAME\n"
                  "                       [--no-wait] [OPTIONS]\n"
                  "       pcectl lsp bind ID | PCC NAME [--label N | --sid SID | --srv6 true]\n"
                  "                       [--remove true] [--no-wait] [OPTIONS]\n"
                  "       pcectl lsp resync PCC [--no-wait] [OPTIONS]\n"
                  "       pcectl lsp orders [ID] [--pcc ADDRESS] [--limit N] [OPTIONS]\n");
}

bool lsp_order_is_one(const char *word)
{
    for (size_t i = 0; i < sizeof lsp_orders_all / sizeof lsp_orders_all[0]; i++) {
        if (strcmp(lsp_orders_all[i], word) == 0)
            return true;
    }
    return false;
}

/* ---- one order, to its end ---- */

static json_t *order_ask(struct pcectl_target *target, const char *method, const char *path,
                         int *code)
{
    const struct pcectl_request request = {.target = target, .method = method, .path = path};
    return pcectl_ask(&request, code);
}

static bool order_has_ended(const json_t *order)
{
    return json_is_number(json_object_get(order, "ended_ago_s"));
}

static void order_pause(void)
{
    const struct timespec pause = {.tv_nsec = LOOK_EACH_MS * 1000000L};
    (void)nanosleep(&pause, NULL);
}

/* The order as it is when it has ended, or after LSP_ORDER_WAIT_S. */
static json_t *order_await(struct pcectl_target *target, const char *id, int *code)
{
    char path[PAGES_PATH_SIZE] = ORDERS;
    json_t *order = NULL;
    if (!pcectl_add_element(path, sizeof path, id))
        return NULL;
    for (unsigned look = 0; look < LSP_ORDER_WAIT_S * 1000 / LOOK_EACH_MS; look++) {
        json_decref(order);
        order = order_ask(target, "GET", path, code);
        if (order == NULL || order_has_ended(order))
            break;
        order_pause();
    }
    return order;
}

static int order_show(json_t *order, bool is_json)
{
    bool is_done = strcmp(row_text(order, "state"), "done") == 0;
    if (is_json)
        pcectl_print_json(order);
    else
        pcectl_print_detail(order);
    return is_done ? COMMAND_OK : COMMAND_NO;
}

/* What has become of what was taken: the id of an order, or null. */
static int order_follow(struct pcectl_arguments *arguments, json_t *taken, bool waits)
{
    int code = COMMAND_OK;
    const char *id = json_string_value(json_object_get(taken, "order"));
    if (id == NULL || !waits) {
        if (arguments->is_json)
            pcectl_print_json(taken);
        else
            printf("%s\n", id == NULL ? "taken" : id);
        return COMMAND_OK;
    }
    json_t *order = order_await(&arguments->target, id, &code);
    if (order == NULL)
        return code;
    code = order_show(order, arguments->is_json);
    json_decref(order);
    return code;
}

/* "resync" of a PCC is of all its LSPs. */
static bool order_make_path(const char *what, const struct pcectl_arguments *arguments,
                            char path[PAGES_PATH_SIZE])
{
    bool is_of_pcc = strcmp(what, "resync") == 0 && arguments->count == 1 &&
                     strpbrk(arguments->words[0], ".:") != NULL;
    (void)snprintf(path, PAGES_PATH_SIZE, "%s", is_of_pcc ? PCCS : LSPS);
    bool fits = true;
    for (int i = 0; i < arguments->count && fits; i++)
        fits = pcectl_add_element(path, PAGES_PATH_SIZE, arguments->words[i]);
    fits = fits && pcectl_add_element(path, PAGES_PATH_SIZE, what);
    if (!fits)
        (void)fprintf(stderr, "pcectl: the name is too long\n");
    return fits;
}

/* --no-wait takes no value, so that it is taken out before the others are read. */
static bool order_take_no_wait(int *argc, char **argv)
{
    int kept = 0;
    const int end = pcectl_options_end(*argc, argv);
    for (int i = 0; i < *argc; i++) {
        if (i >= end || strcmp(argv[i], "--no-wait") != 0)
            argv[kept++] = argv[i];
    }
    bool is_there = kept < *argc;
    *argc = kept;
    return is_there;
}

int lsp_order_run(int argc, char **argv)
{
    const struct pcectl_option options[] = {{NULL, NULL}};
    struct pcectl_arguments arguments;
    char path[PAGES_PATH_SIZE];
    int code;
    const char *what = argv[0]; /* pcectl_parse puts the words in its place */
    bool waits = !order_take_no_wait(&argc, argv);
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    if (arguments.count != 1 && arguments.count != 2) {
        (void)fprintf(stderr, "usage:\n");
        lsp_order_print_usage(stderr);
        return COMMAND_USAGE;
    }
    if (!order_make_path(what, &arguments, path))
        return COMMAND_USAGE;
    json_t *taken = order_ask(&arguments.target, "POST", path, &code);
    if (taken == NULL)
        return code;
    code = order_follow(&arguments, taken, waits);
    json_decref(taken);
    return code;
}

/* ---- a binding label or SID ---- */

static bool bind_add_arguments(const struct pages_argument *given, char path[PAGES_PATH_SIZE])
{
    bool fits = true;
    for (; given->name != NULL && fits; given++)
        fits = given->value == NULL ||
               pcectl_add_argument(path, PAGES_PATH_SIZE, given->name, given->value);
    return fits;
}

int lsp_order_bind(int argc, char **argv)
{
    struct pages_argument given[] = {
        {"label", NULL}, {"sid", NULL}, {"srv6", NULL}, {"remove", NULL}, {NULL, NULL}};
    const struct pcectl_option options[] = {{"--label", &given[0].value},
                                            {"--sid", &given[1].value},
                                            {"--srv6", &given[2].value},
                                            {"--remove", &given[3].value},
                                            {NULL, NULL}};
    struct pcectl_arguments arguments;
    char path[PAGES_PATH_SIZE];
    int code;
    bool waits = !order_take_no_wait(&argc, argv);
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    if ((arguments.count != 1 && arguments.count != 2) ||
        !order_make_path("bind", &arguments, path) || !bind_add_arguments(given, path)) {
        (void)fprintf(stderr, "usage:\n");
        lsp_order_print_usage(stderr);
        return COMMAND_USAGE;
    }
    json_t *taken = order_ask(&arguments.target, "POST", path, &code);
    if (taken == NULL)
        return code;
    code = order_follow(&arguments, taken, waits);
    json_decref(taken);
    return code;
}

/* ---- list ---- */

static void order_print_row(const json_t *row)
{
    printf("%-12s %-15s %-24s %-10s %-14s %-12s %9.0fs  %s\n", row_text(row, "id"),
           row_text(row, "pcc"), row_text(row, "name"), row_text(row, "order"), row_text(row, "by"),
           row_text(row, "state"), json_number_value(json_object_get(row, "submitted_ago_s")),
           row_text(row, "reason"));
}

static int order_print_list(const json_t *all, bool is_json)
{
    size_t i;
    json_t *row;
    if (is_json) {
        pcectl_print_json(all);
        return COMMAND_OK;
    }
    printf("%-12s %-15s %-24s %-10s %-14s %-12s %10s  %s\n", "ID", "PCC", "NAME", "ORDER", "BY",
           "STATE", "ASKED", "REASON");
    json_array_foreach(all, i, row)
    {
        order_print_row(row);
    }
    return COMMAND_OK;
}

static int order_show_one(struct pcectl_arguments *arguments)
{
    char path[PAGES_PATH_SIZE] = ORDERS;
    int code;
    if (!pcectl_add_element(path, sizeof path, arguments->words[0])) {
        (void)fprintf(stderr, "pcectl: the id is too long\n");
        return COMMAND_USAGE;
    }
    json_t *order = order_ask(&arguments->target, "GET", path, &code);
    if (order == NULL)
        return code;
    (void)order_show(order, arguments->is_json);
    json_decref(order);
    return COMMAND_OK;
}

int lsp_order_list(int argc, char **argv)
{
    struct pages_argument given[] = {{"pcc", NULL}, {NULL, NULL}};
    const char *limit = NULL;
    const struct pcectl_option options[] = {
        {"--pcc", &given[0].value}, {"--limit", &limit}, {NULL, NULL}};
    struct pages pages = {
        .path = ORDERS, .member = "orders", .arguments = given, .limit = UINT64_MAX};
    struct pcectl_arguments arguments;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    bool is_limit =
        limit == NULL || (number_parse(limit, UINT64_MAX, &pages.limit) && pages.limit > 0);
    if (arguments.count > 1 || !is_limit) {
        (void)fprintf(stderr, "usage:\n");
        lsp_order_print_usage(stderr);
        return COMMAND_USAGE;
    }
    if (arguments.count == 1)
        return order_show_one(&arguments);
    json_t *all = json_array();
    int code = pages_gather(&arguments.target, &pages, all);
    if (code == COMMAND_OK)
        code = order_print_list(all, arguments.is_json);
    json_decref(all);
    return code;
}
