#include "server/pcectl/decode/decode_show.h"

#include "core/pcep/grammar.h"
#include "core/pcep/json.h"
#include "core/pcep/print.h"

#include <stdio.h>
#include <stdlib.h>

void decode_show_init(struct decode_show *show)
{
    *show = (struct decode_show){.is_json = false};
    arena_init(&show->arena, DECODE_ARENA_MAX);
}

void decode_show_fini(struct decode_show *show)
{
    arena_fini(&show->arena);
}

static bool decode_show_text(const struct decode_show *show, const struct pcep_message *message,
                             const struct pcep_fault *fault, const struct decode_head *head)
{
    struct pcep_print_options options = {.has_offsets = show->has_offsets};
    if (head->text != NULL && printf("%s\n", head->text) < 0)
        return false;
    for (size_t room = DECODE_TEXT_MIN; room <= DECODE_TEXT_MAX; room *= 2) {
        uint8_t *text = malloc(room);
        if (text == NULL)
            return false;
        struct wire_writer writer = wire_writer_init(text, room);
        pcep_print(&writer, message, fault, options);
        bool is_whole = !writer.failed;
        if (is_whole)
            is_whole = fwrite(text, 1, wire_written(&writer), stdout) == wire_written(&writer);
        free(text);
        if (is_whole)
            return true;
    }
    return false;
}

json_t *decode_with_head(json_t *message, const struct decode_head *head)
{
    if (message == NULL || head->json == NULL)
        return message;
    json_t *json = json_pack("{s:O}", "capture", head->json);
    if (json != NULL && json_object_update(json, message) != 0) {
        json_decref(json);
        json = NULL;
    }
    json_decref(message);
    return json;
}

static bool decode_show_json(const struct pcep_message *message, const struct pcep_fault *fault,
                             const struct decode_head *head)
{
    json_t *json = decode_with_head(pcep_to_json(message, fault), head);
    if (json == NULL)
        return false;
    bool is_written = json_dumpf(json, stdout, JSON_COMPACT) == 0 && putchar('\n') != EOF;
    json_decref(json);
    return is_written;
}

bool decode_show_message(struct decode_show *show, struct wire_span octets,
                         const struct decode_head *head, bool *is_faulty)
{
    struct pcep_message message;
    struct pcep_fault fault;
    arena_reset(&show->arena);
    enum pce_status status = pcep_decode(octets, &show->arena, &message, &fault);
    if (status == PCE_LIMIT)
        return false;
    if (!pcep_fault_is_set(&fault) && pcep_check_received(&message, &show->arena, &fault) != PCE_OK)
        return false;
    *is_faulty = pcep_fault_is_set(&fault);
    if (show->is_silent)
        return true;
    return show->is_json ? decode_show_json(&message, &fault, head)
                         : decode_show_text(show, &message, &fault, head);
}
