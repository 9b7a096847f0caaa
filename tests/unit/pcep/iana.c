/* The tables against IANA's registry: what is assigned has a row, and its flags and values have
 * names. What stands in unestablished.def without a row is named here. */
#include "core/pcep/layout.h"
#include "core/pcep/registry.h"
#include "tests/unit/pcep/support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    char *registry;
    char *value;
    char *name;
    char *reference;
};

/* Calls visit for each line of the registry; false when it is not here. */
static bool for_each_entry(void (*visit)(const struct entry *entry))
{
    const char *path = shared_path("standards/registry.tsv");
    if (path == NULL)
        return false;
    FILE *file = fopen(path, "r");
    char line[2048];
    cr_assert(file != NULL);
    while (fgets(line, sizeof line, file) != NULL) {
        char *rest = line;
        struct entry entry = {.registry = strsep(&rest, "\t")};
        entry.value = strsep(&rest, "\t");
        entry.name = strsep(&rest, "\t");
        entry.reference = rest;
        if (*line != '#' && entry.name != NULL)
            visit(&entry);
    }
    (void)fclose(file);
    return true;
}

static bool is_assigned(const struct entry *entry)
{
    return strstr(entry->name, "nassigned") == NULL && strstr(entry->name, "Reserved") == NULL &&
           strstr(entry->name, "Experimental") == NULL;
}

static unsigned count;

/* ---- code points ---- */

static bool has_message(unsigned value)
{
    return pcep_message_find(value) != NULL;
}

static bool has_tlv(unsigned value)
{
    return pcep_tlv_find(PCEP_TLV_SPACE_OBJECT, value) != NULL;
}

static bool has_pst_sub_tlv(unsigned value)
{
    return pcep_tlv_find(PCEP_TLV_SPACE_PST_CAPABILITY, value) != NULL;
}

static bool has_auto_bandwidth_sub_tlv(unsigned value)
{
    return pcep_tlv_find(PCEP_TLV_SPACE_AUTO_BANDWIDTH, value) != NULL;
}

static bool has_flow_sub_tlv(unsigned value)
{
    return pcep_tlv_find(PCEP_TLV_SPACE_FLOW_FILTER, value) != NULL;
}

static bool has_iro_subobject(unsigned value)
{
    return pcep_subobject_find(PCEP_TAIL_IRO, value) != NULL;
}

static bool has_xro_subobject(unsigned value)
{
    return pcep_subobject_find(PCEP_TAIL_XRO, value) != NULL;
}

static bool has_path_key_subobject(unsigned value)
{
    return pcep_subobject_find(PCEP_TAIL_PATH_KEY, value) != NULL;
}

static const struct {
    const char *registry;
    bool (*has)(unsigned value);
} codes[] = {
    {"PCEP Messages", has_message},
    {"PCEP TLV Type Indicators", has_tlv},
    {"PATH-SETUP-TYPE-CAPABILITY Sub-TLV Type Indicators", has_pst_sub_tlv},
    {"AUTO-BANDWIDTH-ATTRIBUTES Sub-TLV Types", has_auto_bandwidth_sub_tlv},
    {"PCEP Flow Specification TLV Type Indicators", has_flow_sub_tlv},
    {"IRO Subobjects", has_iro_subobject},
    {"XRO Subobjects", has_xro_subobject},
    {"PATH-KEY Subobjects", has_path_key_subobject},
};

static void check_code(const struct entry *entry)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (strcmp(entry->registry, codes[i].registry) != 0 || !is_assigned(entry))
            continue;
        cr_expect(codes[i].has((unsigned)strtoul(entry->value, NULL, 10)), "no row: %s %s, %s",
                  entry->registry, entry->value, entry->name);
        count++;
    }
    if (strcmp(entry->registry, "PCEP Objects") != 0 || !is_assigned(entry))
        return;
    char *type;
    unsigned class_ = (unsigned)strtoul(entry->value, &type, 10);
    count++;
    if (strcmp(entry->value, "44/3") == 0) /* unestablished.def */
        return;
    cr_expect(pcep_object_find(class_, (unsigned)strtoul(type + 1, NULL, 10)) != NULL,
              "no row: object %s, %s", entry->value, entry->name);
}

/* Whether the row cites one of the RFCs that the registry names; drafts have too many names. */
static bool is_cited(const char *reference, const struct entry *entry)
{
    bool has_rfc = false;
    for (const char *at = strstr(entry->reference, "RFC"); at != NULL; at = strstr(at + 3, "RFC")) {
        char text[16];
        (void)snprintf(text, sizeof text, "RFC %lu", strtoul(at + 3, NULL, 10));
        has_rfc = true;
        if (strstr(reference, text) != NULL)
            return true;
    }
    return !has_rfc;
}

static void check_reference(const struct entry *entry)
{
    const char *reference = NULL;
    if (!is_assigned(entry) || entry->reference == NULL)
        return;
    char *end;
    unsigned first = (unsigned)strtoul(entry->value, &end, 10);
    if (strcmp(entry->registry, "PCEP Objects") == 0) {
        const struct pcep_object_row *row =
            pcep_object_find(first, (unsigned)strtoul(end + 1, NULL, 10));
        reference = row == NULL ? NULL : row->reference;
    } else if (strcmp(entry->registry, "PCEP TLV Type Indicators") == 0) {
        const struct pcep_tlv_row *row = pcep_tlv_find(PCEP_TLV_SPACE_OBJECT, first);
        reference = row == NULL ? NULL : row->reference;
    } else if (strcmp(entry->registry, "PCEP Messages") == 0) {
        const struct pcep_message_row *row = pcep_message_find(first);
        reference = row == NULL ? NULL : row->reference;
    }
    if (reference == NULL)
        return;
    cr_expect(is_cited(reference, entry), "%s %s: %s, the registry has %s", entry->registry,
              entry->value, reference, entry->reference);
    count++;
}

Test(iana, rows_cite_the_document_that_the_registry_names)
{
    count = 0;
    if (for_each_entry(check_reference))
        cr_expect(count > 130, "%u", count);
}

Test(iana, every_assigned_code_has_a_row)
{
    count = 0;
    if (!for_each_entry(check_code))
        return;
    printf("%u assigned messages, objects, TLVs and subobjects\n", count);
    cr_expect(count > 180);
}

/* ---- flags and values ---- */

/* bits: of a field of flags, whose bit 0 is the highest; 0: values. */
static const struct {
    const char *registry;
    unsigned bits;
    const struct wire_names *names;
} tables[] = {
    {"RP Object Flag Field", 32, &pcep_names_RP_FLAGS},
    {"NO-PATH Object NI Field", 0, &pcep_names_NO_PATH_NATURES},
    {"NO-PATH Object Flag Field", 16, &pcep_names_NO_PATH_FLAGS},
    {"METRIC Object T Field", 0, &pcep_names_METRIC_TYPES},
    {"METRIC Object Flag Field", 8, &pcep_names_METRIC_FLAGS},
    {"LSPA Object Flag Field", 8, &pcep_names_LSPA_FLAGS},
    {"SVEC Object Flag Field", 24, &pcep_names_SVEC_FLAGS},
    {"CLOSE Object Reason Field", 0, &pcep_names_CLOSE_REASONS},
    {"XRO Flag Field", 16, &pcep_names_XRO_FLAGS},
    {"Objective Function", 0, &pcep_names_OF_CODES},
    {"NO-PATH-VECTOR TLV Flag Field", 32, &pcep_names_NO_PATH_VECTOR_FLAGS},
    {"MONITORING Object Flag Field", 24, &pcep_names_MONITORING_FLAGS},
    {"PROC-TIME Object Flag Field", 16, &pcep_names_PROC_TIME_FLAGS},
    {"BU Object Type Field", 0, &pcep_names_BU_TYPES},
    {"Inter-Layer Object Path Property Bits", 32, &pcep_names_INTER_LAYER_FLAGS},
    {"LSP Object Flag Field", 12, &pcep_names_LSP_FLAGS},
    {"STATEFUL-PCE-CAPABILITY TLV Flag Field", 32, &pcep_names_STATEFUL_FLAGS},
    {"LSP-ERROR-CODE TLV Error Code Field", 0, &pcep_names_LSP_ERROR_CODES},
    {"SRP Object Flag Field", 32, &pcep_names_SRP_FLAGS},
    {"PCEP Path Setup Types", 0, &pcep_names_PATH_SETUP_TYPES},
    {"PCEP SR-ERO NAI Types", 0, &pcep_names_SR_NAI_TYPES},
    {"SR-ERO Flag Field", 12, &pcep_names_SR_FLAGS},
    {"SR Capability Flag Field", 8, &pcep_names_SR_CAPABILITY_FLAGS},
    {"WA Object Flag Field", 16, &pcep_names_WA_FLAGS},
    {"S2LS Object Flag Field", 32, &pcep_names_S2LS_FLAGS},
    {"H-PCE-CAPABILITY TLV Flag Field", 32, &pcep_names_H_PCE_CAPABILITY_FLAGS},
    {"Domain-ID TLV Domain Type", 0, &pcep_names_DOMAIN_TYPES},
    {"H-PCE-FLAG TLV Flag Field", 32, &pcep_names_H_PCE_FLAGS},
    {"ASSOCIATION Flag Field", 16, &pcep_names_ASSOCIATION_FLAGS},
    {"ASSOCIATION Type Field", 0, &pcep_names_ASSOCIATION_TYPES},
    {"Path Protection Association Group TLV Flag Field", 32, &pcep_names_PATH_PROTECTION_FLAGS},
    {"Generalized Endpoint Types", 0, &pcep_names_ENDPOINT_TYPES},
    {"GMPLS-CAPABILITY TLV Flag Field", 32, &pcep_names_GMPLS_FLAGS},
    {"DISJOINTNESS-CONFIGURATION TLV Flag Field", 32, &pcep_names_DISJOINTNESS_FLAGS},
    {"SCHED-PD-LSP-ATTRIBUTE TLV Opt Field", 0, &pcep_names_SCHEDULE_OPTIONS},
    {"Schedule TLVs Flag Field", 8, &pcep_names_SCHEDULE_FLAGS},
    {"FLOWSPEC Object Flag Field", 8, &pcep_names_FLOWSPEC_FLAGS},
    {"Bidirectional LSP Association Group TLV Flag Field", 32, &pcep_names_BIDIRECTIONAL_FLAGS},
    {"BPI Object Status Code Field", 0, &pcep_names_BPI_STATUSES},
    {"BPI Object Error Code Field", 0, &pcep_names_BPI_ERRORS},
    {"BPI Object Flag Field", 8, &pcep_names_BPI_FLAGS},
    {"Wavelength Restriction TLV Action Values", 0, &pcep_names_WAVELENGTH_ACTIONS},
    {"Wavelength Allocation TLV Flag Field", 16, &pcep_names_WAVELENGTH_FLAGS},
    {"PCECC-CAPABILITY sub-TLV", 32, &pcep_names_PCECC_FLAGS},
    {"CCI Object Flag Field for MPLS Label", 16, &pcep_names_CCI_FLAGS},
    {"TE-PATH-BINDING TLV BT Field", 0, &pcep_names_BINDING_TYPES},
    {"TE-PATH-BINDING TLV Flag Field", 8, &pcep_names_BINDING_FLAGS},
    {"LSP-EXTENDED-FLAG TLV Flag Field", 32, &pcep_names_LSP_EXTENDED_FLAGS},
    {"PCEP SRv6-ERO NAI Types", 0, &pcep_names_SRV6_NAI_TYPES},
    {"SRv6-ERO Flag Field", 12, &pcep_names_SRV6_FLAGS},
    {"SRv6 Capability Flag Field", 16, &pcep_names_SRV6_CAPABILITY_FLAGS},
    {"SR Policy Invalidation Operational Flags", 8, &pcep_names_INVALIDATION_FLAGS},
    {"SR Policy Invalidation Configuration Flags", 8, &pcep_names_INVALIDATION_FLAGS},
    {"SR Policy Capability TLV Flag Field", 32, &pcep_names_SR_POLICY_FLAGS},
    {"Flags in MULTIPATH-CAP TLV", 16, &pcep_names_MULTIPATH_CAP_FLAGS},
    {"Flags in PATH-ATTRIB Object", 32, &pcep_names_PATH_ATTRIB_FLAGS},
    {"Flags in MULTIPATH-OPPDIR-PATH TLV", 16, &pcep_names_MULTIPATH_OPPOSITE_FLAGS},
    {"Flags in MULTIPATH-FORWARD-CLASS TLV", 32, &pcep_names_FORWARD_CLASS_FLAGS},
};

/* The mask of "5-7", or of "8", in a field of so many bits. */
static uint32_t mask_of(const char *text, unsigned bits)
{
    char *end;
    unsigned first = (unsigned)strtoul(text, &end, 10);
    unsigned last = *end == '-' ? (unsigned)strtoul(end + 1, NULL, 10) : first;
    uint32_t mask = 0;
    for (unsigned bit = first; bit <= last && bit < bits; bit++)
        mask |= UINT32_C(1) << (bits - 1 - bit);
    return mask;
}

static void check_name(const struct entry *entry)
{
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        if (strcmp(entry->registry, tables[i].registry) != 0 || !is_assigned(entry))
            continue;
        bool is_flag = tables[i].bits > 0;
        if (!is_flag && strchr(entry->value, '-') != NULL)
            continue; /* ranges for users */
        uint64_t value =
            is_flag ? mask_of(entry->value, tables[i].bits) : strtoul(entry->value, NULL, 10);
        cr_expect(tables[i].names->style == (is_flag ? WIRE_STYLE_FLAGS : WIRE_STYLE_VALUES));
        cr_expect(wire_names_find(tables[i].names, value) != NULL, "no name: %s %s, %s",
                  entry->registry, entry->value, entry->name);
        count++;
    }
}

Test(iana, every_assigned_flag_and_value_has_a_name)
{
    count = 0;
    if (!for_each_entry(check_name))
        return;
    printf("%u assigned flags and values\n", count);
    cr_expect(count > 200);
}

/* Each field of every row can be shown: its table has rows exactly when its style wants them. */
Test(iana, every_row_cites_its_document_and_has_its_fields)
{
    for (unsigned id = 0; id < PCEP_TLV_COUNT; id++) {
        const struct pcep_tlv_row *row = pcep_tlv_get(id);
        struct wire_field_table table = row->layout->fields();
        cr_expect(strncmp(row->reference, "RFC ", 4) == 0 ||
                      strncmp(row->reference, "draft-", 6) == 0,
                  "%s: %s", row->name, row->reference);
        cr_expect(table.count > 0 || row->subs != PCEP_TLV_SPACE_NONE, "%s", row->name);
    }
    for (unsigned id = 0; id < PCEP_OBJECT_COUNT; id++) {
        const struct pcep_object_row *row = pcep_object_get(id);
        cr_expect(row->layout->fields().count > 0 || row->tail < PCEP_TAIL_KINDS, "%s", row->name);
    }
    for (unsigned id = 0; id < PCEP_SUBOBJECT_COUNT; id++)
        cr_expect(pcep_subobject_get(id)->layout->fields().count > 0, "%s",
                  pcep_subobject_get(id)->name);
}

/* The comment at the head of a golden message names the document of its layouts. */
static void check_origin(const char *path)
{
    struct octets text = read_file(path);
    size_t size = 0;
    while (size < text.size && (size == 0 || text.at[size - 1] != '\n' || text.at[size] == '#'))
        size++;
    char *head = malloc(size + 1);
    cr_assert(head != NULL);
    memcpy(head, text.at, size);
    head[size] = '\0';
    cr_expect(*head == '#' && (strstr(head, "RFC ") != NULL || strstr(head, "draft") != NULL),
              "%s does not say where it comes from", path);
    free(head);
    octets_free(&text);
}

Test(iana, every_golden_message_says_where_it_comes_from)
{
    (void)for_each_file(source_path("tests/golden"), ".hex", check_origin);
}
