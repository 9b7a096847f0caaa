#include "core/intent/intent_reader.h"

#include <stdio.h>
#include <string.h>

bool intent_refuse(struct intent_reader *reader, const char *member, const char *reason)
{
    struct intent_fault *fault = reader->fault;
    if (fault->reason != NULL)
        return false;
    fault->reason = reason;
    (void)snprintf(fault->field, sizeof fault->field, "%s%.64s", reader->place, member);
    return false;
}

static const struct intent_member *intent_find_member(const struct intent_member *members,
                                                      const char *name)
{
    while (members->name != NULL && strcmp(members->name, name) != 0)
        members++;
    return members->name == NULL ? NULL : members;
}

bool intent_read_object(struct intent_reader *reader, const json_t *json,
                        const struct intent_member *members)
{
    const char *name;
    json_t *value;
    if (!json_is_object(json))
        return intent_refuse(reader, "", "must be an object");
    json_object_foreach((json_t *)(uintptr_t)json, name, value)
    {
        const struct intent_member *member = intent_find_member(members, name);
        if (member == NULL)
            return intent_refuse(reader, name, "there is no such member here");
        if (!member->read(reader, name, value))
            return false;
    }
    for (const struct intent_member *member = members; member->name != NULL; member++)
        if (member->is_required && json_object_get(json, member->name) == NULL)
            return intent_refuse(reader, member->name, "is missing");
    return true;
}

bool intent_read_item(struct intent_reader *reader, const char *name, size_t index,
                      const json_t *json, const struct intent_member *members)
{
    size_t outer = strlen(reader->place);
    (void)snprintf(reader->place + outer, sizeof reader->place - outer, "%s[%zu].", name, index);
    bool is_good = intent_read_object(reader, json, members);
    reader->place[outer] = '\0';
    return is_good;
}

bool intent_take_number(struct intent_reader *reader, const char *name, const json_t *value,
                        uint64_t max, uint32_t *number)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0 ||
        (uint64_t)json_integer_value(value) > max || max > UINT32_MAX)
        return intent_refuse(reader, name, "must be a whole number in its range");
    *number = (uint32_t)json_integer_value(value);
    return true;
}

bool intent_take_octet(struct intent_reader *reader, const char *name, const json_t *value,
                       uint8_t max, uint8_t *octet)
{
    uint32_t number;
    if (!intent_take_number(reader, name, value, max, &number))
        return false;
    *octet = (uint8_t)number;
    return true;
}

bool intent_take_address(struct intent_reader *reader, const char *name, const json_t *value,
                         struct ip *address)
{
    const char *text = json_string_value(value);
    if (text == NULL || !ip_parse(text, address) || ip_is_unspecified(address))
        return intent_refuse(reader, name, "must be an address");
    return true;
}
