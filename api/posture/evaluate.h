/* What the evaluate functions of the catalogue share: how evidence is put, and
 * their names for the table. Each area's functions are in its own file. */
#ifndef EVALUATE_H
#define EVALUATE_H

#include "judgement.h"
#include "kvgov/posture.h"

/* ---- evidence; NULL when only the verdict is asked for ---- */

/* Ends the line before, if there is one: a step of a chain is a line. */
void evidence_new_line(struct buf *evidence);
/* A stranger's text, made visible so that it cannot forge a line. */
void evidence_put_text(struct buf *evidence, const char *text);
/* "1,024 addresses", "1 address". */
void evidence_put_number(
    struct buf *evidence, uint64_t count, const char *one, const char *many);
void evidence_put_date(struct buf *evidence, int64_t time_s); /* 2020-12-01 */
/* Why a facet that is not ready says nothing: "not read yet", "not readable:
 * needs X (denied)", "could not be read: Y". */
void evidence_put_missing(struct buf *evidence, enum kv_facet facet,
    const struct kv_facet_status *status);

/* The same for each of the facets, KV_FACET_BIT added up, that is not known. */
void evidence_put_unread(
    struct buf *evidence, const struct kv_subject *subject, uint64_t facets);

/* A list of which only the first lines are shown. The first member is set. */
struct evidence_list {
    struct buf *evidence;
    uint32_t count;
};
/* Where the next line goes: NULL when it is only counted. */
struct buf *evidence_list_next(struct evidence_list *list);
void evidence_list_end(const struct evidence_list *list); /* "and 3 more" */

/* "3 address rules with 5 addresses in all, the widest a /30, 1 virtual network
 * rule". */
void exposure_put_rules(struct buf *out, const struct kv_exposure *exposure,
    const struct kv_resource *resource);

/* "perimeter nsp, in learning mode: it only logs", or that there is none, or
 * why none is known. */
void exposure_put_perimeter(struct buf *out, const struct kv_estate *estate,
    const struct kv_exposure *exposure, const struct kv_resource *resource);

/* "; its 2 rules have no effect", where rules stand on an open vault. */
void exposure_put_idle_rules(
    struct buf *out, const struct kv_resource *resource);

/* ---- what only the configuration asks for ---- */

const char *ranges_unasked(const struct kv_policy *policy);
const char *name_unasked(const struct kv_policy *policy);
const char *customers_unasked(const struct kv_policy *policy);
const char *principals_unasked(const struct kv_policy *policy);

/* ---- by area ---- */

enum kv_verdict separation_vault(const struct kv_subject *, struct buf *);
enum kv_verdict separation_customers(const struct kv_subject *, struct buf *);

enum kv_verdict access_model(const struct kv_subject *, struct buf *);
enum kv_verdict access_policies(const struct kv_subject *, struct buf *);
enum kv_verdict access_services(const struct kv_subject *, struct buf *);
enum kv_verdict access_scope(const struct kv_subject *, struct buf *);
enum kv_verdict access_identities(const struct kv_subject *, struct buf *);
enum kv_verdict access_least(const struct kv_subject *, struct buf *);
enum kv_verdict access_objects(const struct kv_subject *, struct buf *);
enum kv_verdict access_listed(const struct kv_subject *, struct buf *);
enum kv_verdict access_privileged(const struct kv_subject *, struct buf *);
enum kv_verdict access_contributors(const struct kv_subject *, struct buf *);
enum kv_verdict access_just_in_time(const struct kv_subject *, struct buf *);
enum kv_verdict access_approval(const struct kv_subject *, struct buf *);
enum kv_verdict access_mfa(const struct kv_subject *, struct buf *);
enum kv_verdict access_conditional(const struct kv_subject *, struct buf *);

enum kv_verdict network_public_off(const struct kv_subject *, struct buf *);
enum kv_verdict network_firewall_on(const struct kv_subject *, struct buf *);
enum kv_verdict network_rules_narrow(const struct kv_subject *, struct buf *);
enum kv_verdict network_endpoint(const struct kv_subject *, struct buf *);
enum kv_verdict network_bypass(const struct kv_subject *, struct buf *);
enum kv_verdict network_perimeter(const struct kv_subject *, struct buf *);
enum kv_verdict network_dns(const struct kv_subject *, struct buf *);
enum kv_verdict network_subnets(const struct kv_subject *, struct buf *);
enum kv_verdict network_ranges(const struct kv_subject *, struct buf *);

enum kv_verdict protection_soft_delete(const struct kv_subject *, struct buf *);
enum kv_verdict protection_retention(const struct kv_subject *, struct buf *);
enum kv_verdict protection_purge(const struct kv_subject *, struct buf *);
enum kv_verdict protection_deleted(const struct kv_subject *, struct buf *);

enum kv_verdict logging_audit(const struct kv_subject *, struct buf *);
enum kv_verdict logging_retention(const struct kv_subject *, struct buf *);
enum kv_verdict logging_readers(const struct kv_subject *, struct buf *);
enum kv_verdict logging_designated(const struct kv_subject *, struct buf *);

enum kv_verdict detection_alerts(const struct kv_subject *, struct buf *);
enum kv_verdict detection_audit_alerts(const struct kv_subject *, struct buf *);
enum kv_verdict detection_deletion(const struct kv_subject *, struct buf *);
enum kv_verdict detection_metrics(const struct kv_subject *, struct buf *);
enum kv_verdict detection_hsm(const struct kv_subject *, struct buf *);

enum kv_verdict watching_defender(const struct kv_subject *, struct buf *);
enum kv_verdict watching_defender_plan(const struct kv_subject *, struct buf *);
enum kv_verdict watching_activity_log(const struct kv_subject *, struct buf *);
enum kv_verdict watching_events(const struct kv_subject *, struct buf *);
enum kv_verdict watching_policy(const struct kv_subject *, struct buf *);

enum kv_verdict governance_lock(const struct kv_subject *, struct buf *);
enum kv_verdict governance_policies(const struct kv_subject *, struct buf *);
enum kv_verdict governance_tags(const struct kv_subject *, struct buf *);
enum kv_verdict governance_name(const struct kv_subject *, struct buf *);
enum kv_verdict governance_agreement(const struct kv_subject *, struct buf *);

enum kv_verdict hsm_zones(const struct kv_subject *, struct buf *);
enum kv_verdict hsm_protection(const struct kv_subject *, struct buf *);
enum kv_verdict hsm_wanted(const struct kv_subject *, struct buf *);
enum kv_verdict hsm_activation(const struct kv_subject *, struct buf *);
enum kv_verdict hsm_replicated(const struct kv_subject *, struct buf *);

/* inside vaults and HSMs */
enum kv_verdict object_no_certificates(const struct kv_subject *, struct buf *);
enum kv_verdict object_no_settings(const struct kv_subject *, struct buf *);
enum kv_verdict object_no_customers(const struct kv_subject *, struct buf *);
enum kv_verdict object_expiry(const struct kv_subject *, struct buf *);
enum kv_verdict object_rotation(const struct kv_subject *, struct buf *);
enum kv_verdict object_near_expiry(const struct kv_subject *, struct buf *);
enum kv_verdict object_lifetime(const struct kv_subject *, struct buf *);
enum kv_verdict object_age(const struct kv_subject *, struct buf *);
enum kv_verdict object_key_types(const struct kv_subject *, struct buf *);
enum kv_verdict object_rsa_bits(const struct kv_subject *, struct buf *);
enum kv_verdict object_curves(const struct kv_subject *, struct buf *);
enum kv_verdict object_hardware(const struct kv_subject *, struct buf *);
enum kv_verdict object_rotation_due(const struct kv_subject *, struct buf *);
enum kv_verdict object_content_types(const struct kv_subject *, struct buf *);
enum kv_verdict certificate_renewal(const struct kv_subject *, struct buf *);
enum kv_verdict certificate_renewal_start(
    const struct kv_subject *, struct buf *);
enum kv_verdict certificate_validity(const struct kv_subject *, struct buf *);
enum kv_verdict certificate_key_types(const struct kv_subject *, struct buf *);
enum kv_verdict certificate_rsa_bits(const struct kv_subject *, struct buf *);
enum kv_verdict certificate_curves(const struct kv_subject *, struct buf *);
enum kv_verdict certificate_authorities(
    const struct kv_subject *, struct buf *);
enum kv_verdict certificate_other_issuers(
    const struct kv_subject *, struct buf *);
enum kv_verdict backup_objects(const struct kv_subject *, struct buf *);
enum kv_verdict backup_keys(const struct kv_subject *, struct buf *);
enum kv_verdict backup_restored(const struct kv_subject *, struct buf *);
enum kv_verdict network_tls(const struct kv_subject *, struct buf *);
enum kv_verdict governance_used(const struct kv_subject *, struct buf *);
enum kv_verdict hsm_administrators(const struct kv_subject *, struct buf *);
enum kv_verdict hsm_roles_per_key(const struct kv_subject *, struct buf *);
enum kv_verdict hsm_least_privilege(const struct kv_subject *, struct buf *);
enum kv_verdict hsm_backup(const struct kv_subject *, struct buf *);
enum kv_verdict hsm_key_expiry(const struct kv_subject *, struct buf *);
enum kv_verdict hsm_key_near_expiry(const struct kv_subject *, struct buf *);
enum kv_verdict hsm_key_types(const struct kv_subject *, struct buf *);
enum kv_verdict hsm_aes_bits(const struct kv_subject *, struct buf *);
enum kv_verdict hsm_policy_sees(const struct kv_subject *, struct buf *);
enum kv_verdict hsm_arm_off(const struct kv_subject *, struct buf *);
enum kv_verdict hsm_separate_people(const struct kv_subject *, struct buf *);

#endif
