"""azure-keyvault-administration: an HSM's local roles, settings and backups.

Microsoft's library for JavaScript is not in every registry; this is the one
for Python, over the same wire.
"""
import json
import os
import unittest
import uuid
from urllib.parse import urlparse

from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import ClientSecretCredential
from azure.keyvault.administration import (
    KeyVaultAccessControlClient,
    KeyVaultBackupClient,
    KeyVaultRoleScope,
    KeyVaultSetting,
    KeyVaultSettingsClient,
)

HSM = "hsm-pay-prod-weu"
CRYPTO_AUDITOR = "2c18b078-7c48-4d3a-af88-5a3a1b3f82b3"
SETTING = "AllowKeyManagementOperationsThroughARM"
ORIGIN = os.environ["KVGOV_ARM_ENDPOINT"]
with open(os.path.join(os.environ["KVGOV_INTEROP"], "estate.json")) as file:
    ESTATE = json.load(file)


def client(kind, who=0):
    account = ESTATE["clients"][who]
    credential = ClientSecretCredential(
        os.environ["AZURE_TENANT_ID"], account["appId"], account["secret"],
        authority=ORIGIN, disable_instance_discovery=True)
    return kind(f"https://{HSM}.managedhsm.localhost:{urlparse(ORIGIN).port}",
                credential)


class Roles(unittest.TestCase):
    def test_definitions_are_listed_and_read(self):
        access = client(KeyVaultAccessControlClient)
        found = list(access.list_role_definitions(KeyVaultRoleScope.GLOBAL))
        one = access.get_role_definition(KeyVaultRoleScope.GLOBAL,
                                         CRYPTO_AUDITOR)

        self.assertIn("Managed HSM Administrator",
                      [role.role_name for role in found])
        self.assertEqual(one.role_name, "Managed HSM Crypto Auditor")
        self.assertTrue(one.permissions[0].data_actions)

    def test_assignments_are_listed_by_scope(self):
        access = client(KeyVaultAccessControlClient)
        for scope in ("/", "/keys/pin-block"):
            found = access.list_role_assignments(scope)
            # What lies above a scope holds there, too; what lies below not.
            known = {item["name"] for item in
                     ESTATE["dataPlane"][HSM]["roleAssignments"]
                     if item["scope"] in ("/", scope)}
            self.assertEqual({item.name for item in found}, known)

    def test_assignment_is_made_read_and_taken_away(self):
        access = client(KeyVaultAccessControlClient)
        definition = access.get_role_definition(KeyVaultRoleScope.GLOBAL,
                                                CRYPTO_AUDITOR)
        principal = ESTATE["clients"][1]["principalId"]
        name = str(uuid.uuid4())

        access.create_role_assignment(KeyVaultRoleScope.GLOBAL, definition.id,
                                      principal, name=name)
        found = access.get_role_assignment(KeyVaultRoleScope.GLOBAL, name)
        self.assertEqual(found.properties.principal_id, principal)
        self.assertEqual(found.properties.role_definition_id, definition.id)
        access.delete_role_assignment(KeyVaultRoleScope.GLOBAL, name)
        with self.assertRaises(ResourceNotFoundError):
            access.get_role_assignment(KeyVaultRoleScope.GLOBAL, name)

    def test_without_a_local_role_nothing_is_told(self):
        access = client(KeyVaultAccessControlClient, who=3)

        with self.assertRaises(HttpResponseError) as raised:
            list(access.list_role_assignments(KeyVaultRoleScope.GLOBAL))
        self.assertEqual(raised.exception.status_code, 403)


class Settings(unittest.TestCase):
    def test_settings_are_listed(self):
        found = client(KeyVaultSettingsClient).list_settings()

        self.assertIn(SETTING, [setting.name for setting in found])

    def test_setting_is_changed(self):
        settings = client(KeyVaultSettingsClient)
        self.assertFalse(settings.get_setting(SETTING).getboolean())
        for value in (True, False):
            settings.update_setting(KeyVaultSetting(SETTING, value))
            self.assertEqual(settings.get_setting(SETTING).getboolean(), value)


class Backups(unittest.TestCase):
    def test_backup_and_restore_are_followed_to_their_end(self):
        container = "https://stcontosoauditweu.blob.core.windows.net/hsm"
        poller = client(KeyVaultBackupClient).begin_backup(
            container, use_managed_identity=True)

        folder = poller.result().folder_url
        self.assertRegex(folder, f"^{container}/mhsm-")
        client(KeyVaultBackupClient).begin_restore(
            folder, use_managed_identity=True).result()


if __name__ == "__main__":
    unittest.main()
