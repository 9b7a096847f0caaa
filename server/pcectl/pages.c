#include "server/pcectl/pages.h"

#include "server/pcectl/command.h"

#include <stdio.h>

#define ROWS_MAX 1000 /* what one answer of the server holds */

static bool pages_make_path(const struct pages *pages, uint64_t left, const char *cursor,
                            char path[PAGES_PATH_SIZE])
{
    char size[16];
    (void)snprintf(path, PAGES_PATH_SIZE, "%s", pages->path);
    (void)snprintf(size, sizeof size, "%u", (unsigned)(left < ROWS_MAX ? left : ROWS_MAX));
    bool fits = pcectl_add_argument(path, PAGES_PATH_SIZE, "limit", size);
    for (const struct pages_argument *at = pages->arguments; at->name != NULL && fits; at++) {
        if (at->value != NULL)
            fits = pcectl_add_argument(path, PAGES_PATH_SIZE, at->name, at->value);
    }
    if (fits && cursor[0] != '\0')
        fits = pcectl_add_argument(path, PAGES_PATH_SIZE, "cursor", cursor);
    if (!fits)
        (void)fprintf(stderr, "pcectl: the arguments are too long\n");
    return fits;
}

/* One page after the cursor ("" at first), which goes on; "" when it was the last. */
static int pages_take(struct pcectl_target *target, const struct pages *pages,
                      char cursor[PAGES_CURSOR_MAX], json_t *all)
{
    char path[PAGES_PATH_SIZE];
    int code;
    if (!pages_make_path(pages, pages->limit - json_array_size(all), cursor, path))
        return COMMAND_USAGE;
    const struct pcectl_request request = {.target = target, .method = "GET", .path = path};
    json_t *page = pcectl_ask(&request, &code);
    if (page == NULL)
        return code;
    const char *next = json_string_value(json_object_get(page, "next"));
    bool is_taken = json_array_extend(all, json_object_get(page, pages->member)) == 0;
    (void)snprintf(cursor, PAGES_CURSOR_MAX, "%s", next == NULL ? "" : next);
    json_decref(page);
    if (!is_taken)
        (void)fprintf(stderr, "pcectl: no memory\n");
    return is_taken ? COMMAND_OK : COMMAND_FAILED;
}

int pages_gather(struct pcectl_target *target, const struct pages *pages, json_t *all)
{
    char cursor[PAGES_CURSOR_MAX] = "";
    int code;
    do {
        code = pages_take(target, pages, cursor, all);
    } while (code == COMMAND_OK && cursor[0] != '\0' && json_array_size(all) < pages->limit);
    return code;
}
