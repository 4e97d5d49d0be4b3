import type { Module } from '../module.ts';

export const bucket: Module = {
  main: `resource "azurerm_storage_account" "this" {
  name                              = var.name
  resource_group_name               = var.resource_group_name
  location                          = var.location
  account_kind                      = "StorageV2"
  account_tier                      = "Standard"
  account_replication_type          = var.replication
  https_traffic_only_enabled        = true
  min_tls_version                   = "TLS1_2"
  infrastructure_encryption_enabled = true
  allow_nested_items_to_be_public   = false
  shared_access_key_enabled         = false
  default_to_oauth_authentication   = true
  tags                              = var.tags
  blob_properties {
    versioning_enabled = true
    delete_retention_policy {
      days = var.keep_deleted_days
    }
    container_delete_retention_policy {
      days = var.keep_deleted_days
    }
  }
  network_rules {
    default_action             = "Deny"
    bypass                     = ["AzureServices"]
    ip_rules                   = var.allowed_addresses
    virtual_network_subnet_ids = var.allowed_subnet_ids
  }
}

resource "azurerm_storage_container" "this" {
  for_each              = var.containers
  name                  = each.value
  storage_account_id    = azurerm_storage_account.this.id
  container_access_type = "private"
}
`,
  variables: `variable "name" {
  description = "Name of the storage account: 3 to 24 small letters and digits, unique in all of Azure."
  type        = string
  validation {
    condition     = can(regex("^[a-z0-9]{3,24}$", var.name))
    error_message = "The name has 3 to 24 small letters and digits."
  }
}

variable "location" {
  description = "Region."
  type        = string
}

variable "containers" {
  description = "Names of the containers."
  type        = set(string)
  default     = ["data"]
}

variable "replication" {
  description = "How copies are kept: LRS, ZRS, GRS or GZRS."
  type        = string
  default     = "ZRS"
}

variable "keep_deleted_days" {
  description = "Days for which what was deleted can be brought back."
  type        = number
  default     = 30
}

variable "allowed_addresses" {
  description = "Public addresses that may reach it."
  type        = list(string)
  default     = []
}

variable "allowed_subnet_ids" {
  description = "Subnets that may reach it."
  type        = list(string)
  default     = []
}
`,
  outputs: `output "id" {
  description = "Id of the storage account."
  value       = azurerm_storage_account.this.id
}

output "blob_endpoint" {
  description = "Address of its blobs."
  value       = azurerm_storage_account.this.primary_blob_endpoint
}
`,
};
