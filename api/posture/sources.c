/* The publications that the catalogue rests on, oldest habits included. */
#include "kvgov/posture.h"

const struct kv_source kv_sources[] = {
    {
        .id = "S0",
        .title = "Best practices to use Key Vault",
        .date = "2019-03-07",
        .url = "https://learn.microsoft.com/azure/key-vault/general/"
               "best-practices",
    },
    {
        .id = "S1",
        .title = "Best practices for using Azure Key Vault",
        .date = "2025-04-16",
        .url = "https://learn.microsoft.com/azure/key-vault/general/"
               "best-practices",
    },
    {
        .id = "S2",
        .title = "Best practices using Managed HSM",
        .date = "2020-09-17",
        .url = "https://learn.microsoft.com/azure/key-vault/managed-hsm/"
               "best-practices",
    },
    {
        .id = "S3",
        .title = "Secure your Azure Key Vault",
        .date = "2025-01-25",
        .url = "https://learn.microsoft.com/azure/key-vault/general/"
               "secure-key-vault",
    },
    {
        .id = "S4",
        .title = "Security recommendations for Azure Key Vault",
        .date = "2019-09-30",
        .url = "https://learn.microsoft.com/azure/key-vault/general/"
               "security-recommendations",
    },
    {
        .id = "N1",
        .title = "Secure your Azure Key Vault",
        .date = "2026-07-10",
        .url = "https://learn.microsoft.com/azure/key-vault/general/"
               "secure-key-vault",
    },
    {
        .id = "N2",
        .title = "Secure your Azure Key Vault Managed HSM deployment",
        .date = "2026-07-10",
        .url = "https://learn.microsoft.com/azure/key-vault/managed-hsm/"
               "secure-managed-hsm",
    },
    {
        .id = "P",
        .title = "Checked by Azure Policy or by other posture tools",
        .date = "",
        .url = "https://learn.microsoft.com/azure/key-vault/policy-reference",
    },
};
const size_t kv_sources_count = sizeof kv_sources / sizeof kv_sources[0];
