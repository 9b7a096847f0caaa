#include "core/pcep/grammar_table.h"

#include "core/base/check.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"

#define C(class_) (UINT64_C(1) << PCEP_CLASS_##class_)

#define PCEP_CLASS(id, class_)                                                                     \
    _Static_assert((class_) < 64, "class_set has a bit for each class: " #id);
#include "core/pcep/class.def"
#undef PCEP_CLASS

#define OBJECT(how, classes_)                                                                      \
    {                                                                                              \
        .kind = GRAMMAR_OBJECT, .occurs = GRAMMAR_##how, .classes = (classes_)                     \
    }
/* A required object, and the error of a message that lacks it. */
#define REQUIRED(how, classes_, error_, need, text)                                                \
    {                                                                                              \
        .kind = GRAMMAR_OBJECT, .occurs = GRAMMAR_##how, .error = (error_), .classes = (classes_), \
        .missing = (text), .is_needed = (need)                                                     \
    }
#define BEGIN(how, classes_, skipped_)                                                             \
    {                                                                                              \
        .kind = GRAMMAR_BEGIN, .occurs = GRAMMAR_##how, .classes = (classes_),                     \
        .skipped = (skipped_)                                                                      \
    }
#define SECTION(how, classes_)                                                                     \
    {                                                                                              \
        .kind = GRAMMAR_SECTION, .occurs = GRAMMAR_##how, .classes = (classes_)                    \
    }
#define END                                                                                        \
    {                                                                                              \
        .kind = GRAMMAR_END                                                                        \
    }

const struct pcep_object *grammar_find(const struct grammar_run *run, enum pcep_object_id id)
{
    for (const struct pcep_object *object = run->first; object < run->end; object++) {
        if (object->row != NULL && object->row->id == id)
            return object;
    }
    return NULL;
}

/* ---- when what is required is not ---- */

/* RFC 8281 5.4 and 6: a removal needs no path, and SRP and LSP alone take over an orphan. */
static bool initiation_needs_ero(const struct grammar_run *run)
{
    const struct pcep_object *srp_object = grammar_find(run, PCEP_OBJECT_SRP);
    const struct pcep_object *lsp_object = grammar_find(run, PCEP_OBJECT_LSP);
    const struct pcep_srp *srp = srp_object == NULL ? NULL : srp_object->body;
    const struct pcep_lsp *lsp = lsp_object == NULL ? NULL : lsp_object->body;
    return (srp == NULL || (srp->flags & PCEP_SRP_R) == 0) && (lsp == NULL || lsp->plsp_id == 0);
}

static uint16_t lsp_flags(const struct grammar_run *run)
{
    const struct pcep_object *object = grammar_find(run, PCEP_OBJECT_LSP);
    return object == NULL ? 0 : ((const struct pcep_lsp *)object->body)->flags;
}

/* RFC 8623 6.1, 6.2, 6.5: the LSP's N flag asks for the leaves. */
static bool is_p2mp(const struct grammar_run *run)
{
    return (lsp_flags(run) & PCEP_LSP_N) != 0;
}

/* A removed LSP has no leaves to tell. */
static bool is_p2mp_report(const struct grammar_run *run)
{
    return (lsp_flags(run) & (PCEP_LSP_N | PCEP_LSP_R)) == PCEP_LSP_N;
}

/* A path is reported of what there is (RFC 8231 6.1). The R flags say that there is nothing left,
 * and that of the SRP alone is how some PCCs answer a deletion. */
static bool is_state_report(const struct grammar_run *run)
{
    const struct pcep_object *srp = grammar_find(run, PCEP_OBJECT_SRP);
    if (srp != NULL && (((const struct pcep_srp *)srp->body)->flags & PCEP_SRP_R) != 0)
        return false;
    return (lsp_flags(run) & PCEP_LSP_R) == 0;
}

/* ---- parts that several messages share ---- */

/* What follows a path (RFC 5440 6.5, RFC 5541 3.2, RFC 8233 5.2, RFC 7470 2). */
#define ATTRIBUTES                                                                                 \
    OBJECT(OPTIONAL, C(OF)), OBJECT(OPTIONAL, C(LSPA)), OBJECT(OPTIONAL, C(CLASSTYPE)),            \
        OBJECT(OPTIONAL, C(BANDWIDTH)), OBJECT(MANY, C(BU)), OBJECT(MANY, C(METRIC)),              \
        OBJECT(OPTIONAL, C(IRO)), OBJECT(OPTIONAL, C(XRO)), OBJECT(MANY, C(VENDOR_INFORMATION))
/* What later documents add, at the end: RFC 8282, RFC 8780, RFC 9168. */
#define ADDITIONS                                                                                  \
    OBJECT(MANY, C(INTER_LAYER) | C(SWITCH_LAYER) | C(REQ_ADAP_CAP) | C(SERVER_INDICATION)),       \
        OBJECT(OPTIONAL, C(WAVELENGTH_ASSIGNMENT)), OBJECT(MANY, C(FLOWSPEC))
/* RFC 5886 3.1: in front of the requests of a PCMonReq, and of a PCReq that asks for monitoring. */
#define SVEC_LIST                                                                                  \
    BEGIN(MANY, C(SVEC), 0), OBJECT(ONCE, C(SVEC)), OBJECT(OPTIONAL, C(OF)),                       \
        OBJECT(OPTIONAL, C(GLOBAL_CONSTRAINTS)), OBJECT(OPTIONAL, C(XRO)),                         \
        OBJECT(MANY, C(METRIC)), OBJECT(MANY, C(VENDOR_INFORMATION)), END
/* RFC 5440 6.4 with RFC 5520 3.2.3 (PATH-KEY), RFC 8231 6.4, RFC 8306 3.4 and RFC 8697 6.3.2. */
#define REQUEST                                                                                    \
    REQUIRED(ONCE, C(RP), PCEP_ERROR_RP_MISSING, NULL, "RP missing"),                              \
        OBJECT(MANY, C(VENDOR_INFORMATION)), BEGIN(SOME, C(END_POINTS) | C(PATH_KEY), 0),          \
        REQUIRED(ONCE, C(END_POINTS) | C(PATH_KEY), PCEP_ERROR_END_POINTS_MISSING, NULL,           \
                 "END-POINTS missing"),                                                            \
        BEGIN(MANY, C(RRO) | C(SRRO), 0), OBJECT(SOME, C(RRO) | C(SRRO)),                          \
        OBJECT(OPTIONAL, C(BANDWIDTH)), END, OBJECT(MANY, C(VENDOR_INFORMATION)), END,             \
        OBJECT(OPTIONAL, C(LSP)), OBJECT(OPTIONAL, C(CLASSTYPE)), OBJECT(OPTIONAL, C(LSPA)),       \
        OBJECT(OPTIONAL, C(BANDWIDTH)), OBJECT(MANY, C(BU)), OBJECT(MANY, C(METRIC)),              \
        OBJECT(OPTIONAL, C(OF)), OBJECT(MANY, C(ASSOCIATION)),                                     \
        BEGIN(OPTIONAL, C(RRO) | C(SRRO), 0), OBJECT(SOME, C(RRO) | C(SRRO)),                      \
        OBJECT(OPTIONAL, C(BANDWIDTH)), END, OBJECT(MANY, C(IRO) | C(BNC)),                        \
        OBJECT(OPTIONAL, C(XRO)), OBJECT(OPTIONAL, C(LOAD_BALANCING)),                             \
        OBJECT(MANY, C(VENDOR_INFORMATION)), ADDITIONS
/* The intended path, or paths (RFC 8623 6.1, multipath draft 5, RFC 9050 5.5, RFC 9757). */
#define INTENDED_PATH(need)                                                                        \
    BEGIN(SOME, C(ERO) | C(SERO) | C(CCI), C(END_POINTS) | C(S2LS) | C(PATH_ATTRIB)),              \
        OBJECT(OPTIONAL, C(END_POINTS)), OBJECT(OPTIONAL, C(S2LS)),                                \
        OBJECT(OPTIONAL, C(PATH_ATTRIB)),                                                          \
        REQUIRED(SOME, C(ERO) | C(SERO) | C(CCI), PCEP_ERROR_ERO_MISSING, need, "ERO missing"),    \
        OBJECT(MANY, C(BGP_PEER_INFO) | C(EXPLICIT_PEER_ROUTE) | C(PEER_PREFIX)), END

/* ---- the messages ---- */

/* RFC 5440 6.2: an Open without OPEN object is an invalid one, 1/1. */
static const struct grammar_row open_rows[] = {
    REQUIRED(ONCE, C(OPEN), PCEP_ERROR_INVALID_OPEN, NULL, "OPEN missing"),
};

static const struct grammar_row pcreq_rows[] = {
    BEGIN(OPTIONAL, C(MONITORING), 0),
    OBJECT(ONCE, C(MONITORING)),
    OBJECT(ONCE, C(PCC_REQ_ID)),
    OBJECT(MANY, C(PCE_ID)),
    END,
    SVEC_LIST,
    SECTION(SOME, C(RP)),
    REQUEST,
    END,
};

/* RFC 5440 6.5, RFC 5886 3.2, RFC 8306 3.5, RFC 8697 6.3.3 */
static const struct grammar_row pcrep_rows[] = {
    SVEC_LIST,
    SECTION(SOME, C(RP)),
    REQUIRED(ONCE, C(RP), PCEP_ERROR_RP_MISSING, NULL, "RP missing"),
    OBJECT(MANY, C(VENDOR_INFORMATION)),
    OBJECT(OPTIONAL, C(MONITORING)),
    OBJECT(OPTIONAL, C(PCC_REQ_ID)),
    OBJECT(OPTIONAL, C(LSP)),
    OBJECT(OPTIONAL, C(NO_PATH)),
    OBJECT(MANY, C(UNREACH_DESTINATION)),
    OBJECT(MANY, C(ASSOCIATION)),
    ATTRIBUTES,
    BEGIN(MANY, C(ERO) | C(SERO), C(END_POINTS) | C(PATH_ATTRIB)),
    OBJECT(OPTIONAL, C(END_POINTS)),
    OBJECT(OPTIONAL, C(PATH_ATTRIB)),
    OBJECT(SOME, C(ERO) | C(SERO)),
    ATTRIBUTES,
    END,
    OBJECT(OPTIONAL, C(LOAD_BALANCING)),
    BEGIN(MANY, C(PCE_ID), 0),
    OBJECT(ONCE, C(PCE_ID)),
    OBJECT(OPTIONAL, C(PROC_TIME)),
    OBJECT(OPTIONAL, C(OVERLOAD)),
    END,
    ADDITIONS,
    END,
};

/* RFC 5440 6.6 */
static const struct grammar_row pcntf_rows[] = {
    BEGIN(SOME, C(NOTIFICATION), C(RP)),
    OBJECT(MANY, C(RP)),
    REQUIRED(SOME, C(NOTIFICATION), PCEP_ERROR_NONE, NULL, "NOTIFICATION missing"),
    END,
};

/* RFC 5440 6.7, RFC 8231 6.3: an OPEN is a proposal, and stands behind errors without RP and SRP.
 */
static const struct grammar_row pcerr_rows[] = {
    BEGIN(SOME, C(PCEP_ERROR), C(RP) | C(SRP)),
    OBJECT(MANY, C(RP)),
    OBJECT(MANY, C(SRP)),
    REQUIRED(SOME, C(PCEP_ERROR), PCEP_ERROR_NONE, NULL, "PCEP-ERROR missing"),
    END,
    OBJECT(OPTIONAL, C(OPEN)),
};

/* RFC 5440 6.8 */
static const struct grammar_row close_rows[] = {
    REQUIRED(ONCE, C(CLOSE), PCEP_ERROR_NONE, NULL, "CLOSE missing"),
};

/* RFC 5886 3.1 */
static const struct grammar_row pcmonreq_rows[] = {
    REQUIRED(ONCE, C(MONITORING), PCEP_ERROR_MONITORING_MISSING, NULL, "MONITORING missing"),
    REQUIRED(ONCE, C(PCC_REQ_ID), PCEP_ERROR_NONE, NULL, "PCC-REQ-ID missing"),
    OBJECT(MANY, C(PCE_ID)),
    SVEC_LIST,
    SECTION(MANY, C(RP)),
    REQUEST,
    END,
};

/* RFC 5886 3.2 */
static const struct grammar_row pcmonrep_rows[] = {
    REQUIRED(ONCE, C(MONITORING), PCEP_ERROR_MONITORING_MISSING, NULL, "MONITORING missing"),
    REQUIRED(ONCE, C(PCC_REQ_ID), PCEP_ERROR_NONE, NULL, "PCC-REQ-ID missing"),
    OBJECT(OPTIONAL, C(RP)),
    BEGIN(MANY, C(PCE_ID), 0),
    OBJECT(ONCE, C(PCE_ID)),
    OBJECT(OPTIONAL, C(PROC_TIME)),
    OBJECT(OPTIONAL, C(OVERLOAD)),
    END,
};

/* RFC 8231 6.1, RFC 8623 6.1, RFC 8697 6.3.1 */
static const struct grammar_row pcrpt_rows[] = {
    SECTION(SOME, C(SRP) | C(LSP)),
    OBJECT(OPTIONAL, C(SRP)),
    REQUIRED(ONCE, C(LSP), PCEP_ERROR_LSP_MISSING, NULL, "LSP missing"),
    OBJECT(MANY, C(ASSOCIATION)),
    BEGIN(SOME, C(ERO) | C(SERO) | C(CCI), C(END_POINTS) | C(S2LS) | C(PATH_ATTRIB)),
    REQUIRED(ONCE, C(END_POINTS), PCEP_ERROR_END_POINTS_MISSING, is_p2mp_report,
             "END-POINTS missing"),
    REQUIRED(ONCE, C(S2LS), PCEP_ERROR_S2LS_MISSING, is_p2mp_report, "S2LS missing"),
    OBJECT(OPTIONAL, C(PATH_ATTRIB)),
    REQUIRED(SOME, C(ERO) | C(SERO) | C(CCI), PCEP_ERROR_ERO_MISSING, is_state_report,
             "ERO missing"),
    OBJECT(MANY, C(BGP_PEER_INFO) | C(EXPLICIT_PEER_ROUTE) | C(PEER_PREFIX)),
    END,
    BEGIN(OPTIONAL, C(RRO) | C(SRRO),
          C(BANDWIDTH) | C(METRIC) | C(END_POINTS) | C(S2LS) | C(PATH_ATTRIB)),
    OBJECT(OPTIONAL, C(BANDWIDTH)),
    OBJECT(MANY, C(METRIC)),
    BEGIN(SOME, C(RRO) | C(SRRO), C(END_POINTS) | C(S2LS) | C(PATH_ATTRIB)),
    OBJECT(OPTIONAL, C(END_POINTS)),
    OBJECT(OPTIONAL, C(S2LS)),
    OBJECT(OPTIONAL, C(PATH_ATTRIB)),
    OBJECT(SOME, C(RRO) | C(SRRO)),
    END,
    END,
    ATTRIBUTES,
    ADDITIONS,
    END,
};

/* RFC 8231 6.2, RFC 8623 6.2, RFC 8697 6.3.1 */
static const struct grammar_row pcupd_rows[] = {
    SECTION(SOME, C(SRP) | C(LSP)),
    REQUIRED(ONCE, C(SRP), PCEP_ERROR_SRP_MISSING, NULL, "SRP missing"),
    REQUIRED(ONCE, C(LSP), PCEP_ERROR_LSP_MISSING, NULL, "LSP missing"),
    OBJECT(MANY, C(ASSOCIATION)),
    BEGIN(SOME, C(ERO) | C(SERO) | C(CCI), C(END_POINTS) | C(PATH_ATTRIB)),
    REQUIRED(ONCE, C(END_POINTS), PCEP_ERROR_END_POINTS_MISSING, is_p2mp, "END-POINTS missing"),
    OBJECT(OPTIONAL, C(PATH_ATTRIB)),
    REQUIRED(SOME, C(ERO) | C(SERO) | C(CCI), PCEP_ERROR_ERO_MISSING, NULL, "ERO missing"),
    OBJECT(MANY, C(BGP_PEER_INFO) | C(EXPLICIT_PEER_ROUTE) | C(PEER_PREFIX)),
    END,
    ATTRIBUTES,
    ADDITIONS,
    END,
};

/* RFC 8281 5.1, RFC 8623 6.5, RFC 8697 6.3.1. The layers stand where routers put them. */
static const struct grammar_row pcinitiate_rows[] = {
    SECTION(SOME, C(SRP) | C(LSP)),
    REQUIRED(ONCE, C(SRP), PCEP_ERROR_SRP_MISSING, NULL, "SRP missing"),
    REQUIRED(ONCE, C(LSP), PCEP_ERROR_LSP_MISSING, NULL, "LSP missing"),
    BEGIN(SOME, C(ERO) | C(SERO) | C(CCI),
          C(END_POINTS) | C(PATH_ATTRIB) | C(INTER_LAYER) | C(SWITCH_LAYER)),
    REQUIRED(ONCE, C(END_POINTS), PCEP_ERROR_END_POINTS_MISSING, is_p2mp, "END-POINTS missing"),
    OBJECT(MANY, C(INTER_LAYER) | C(SWITCH_LAYER)),
    OBJECT(OPTIONAL, C(PATH_ATTRIB)),
    REQUIRED(SOME, C(ERO) | C(SERO) | C(CCI), PCEP_ERROR_ERO_MISSING, initiation_needs_ero,
             "ERO missing"),
    OBJECT(MANY, C(BGP_PEER_INFO) | C(EXPLICIT_PEER_ROUTE) | C(PEER_PREFIX)),
    END,
    OBJECT(MANY, C(ASSOCIATION)),
    ATTRIBUTES,
    ADDITIONS,
    END,
};

#define GRAMMAR(rows_)                                                                             \
    {                                                                                              \
        rows_, sizeof(rows_) / sizeof(rows_)[0]                                                    \
    }

struct grammar grammar_of(unsigned type)
{
    /* Keepalive and StartTLS have no objects (RFC 5440 6.3, RFC 8253 3.3). */
    static const struct grammar grammars[PCEP_MESSAGE_TYPE_END] = {
        [PCEP_MESSAGE_OPEN] = GRAMMAR(open_rows),
        [PCEP_MESSAGE_PCREQ] = GRAMMAR(pcreq_rows),
        [PCEP_MESSAGE_PCREP] = GRAMMAR(pcrep_rows),
        [PCEP_MESSAGE_PCNTF] = GRAMMAR(pcntf_rows),
        [PCEP_MESSAGE_PCERR] = GRAMMAR(pcerr_rows),
        [PCEP_MESSAGE_CLOSE] = GRAMMAR(close_rows),
        [PCEP_MESSAGE_PCMONREQ] = GRAMMAR(pcmonreq_rows),
        [PCEP_MESSAGE_PCMONREP] = GRAMMAR(pcmonrep_rows),
        [PCEP_MESSAGE_PCRPT] = GRAMMAR(pcrpt_rows),
        [PCEP_MESSAGE_PCUPD] = GRAMMAR(pcupd_rows),
        [PCEP_MESSAGE_PCINITIATE] = GRAMMAR(pcinitiate_rows),
    };
    return type < PCEP_MESSAGE_TYPE_END ? grammars[type] : (struct grammar){NULL, 0};
}

uint32_t grammar_behind(const struct grammar *grammar, uint32_t begin, class_set *classes)
{
    CHECK(begin <= grammar->count);
    uint32_t depth = 0;
    *classes = 0;
    for (uint32_t i = begin; i < grammar->count; i++) {
        if (grammar->rows[i].kind == GRAMMAR_OBJECT)
            *classes |= grammar->rows[i].classes;
        else if (grammar->rows[i].kind == GRAMMAR_END)
            depth--;
        else
            depth++;
        if (depth == 0)
            return i + 1;
    }
    return grammar->count;
}

struct grammar_demands grammar_demands(const struct grammar *grammar, uint32_t from, uint32_t to)
{
    CHECK(from <= to && to <= grammar->count);
    struct grammar_demands demands = {.count = 0};
    for (uint32_t i = from; i < to; i++) {
        if (grammar->rows[i].missing == NULL)
            continue;
        CHECK(demands.count < GRAMMAR_DEMANDS_MAX);
        demands.rows[demands.count++] = &grammar->rows[i];
    }
    return demands;
}

class_set grammar_present(const struct grammar_run *run)
{
    class_set present = 0;
    for (const struct pcep_object *object = run->first; object < run->end; object++) {
        if (object->class_ < 64 && (object->row != NULL || object->fault != NULL))
            present |= UINT64_C(1) << object->class_;
    }
    return present;
}

uint32_t grammar_section(const struct grammar *grammar)
{
    uint32_t at = 0;
    while (at < grammar->count && grammar->rows[at].kind != GRAMMAR_SECTION)
        at++;
    return at;
}

class_set grammar_classes(const struct grammar *grammar, uint32_t from, uint32_t to)
{
    CHECK(from <= to && to <= grammar->count);
    class_set classes = 0;
    for (uint32_t i = from; i < to; i++) {
        if (grammar->rows[i].kind == GRAMMAR_OBJECT)
            classes |= grammar->rows[i].classes;
    }
    return classes;
}
