import type { Module } from '../module.ts';

export const database: Module = {
  main: `data "azurerm_client_config" "current" {}

resource "azurerm_private_dns_zone" "this" {
  name                = format("%s.private.postgres.database.azure.com", var.name)
  resource_group_name = var.resource_group_name
  tags                = var.tags
}

resource "azurerm_private_dns_zone_virtual_network_link" "this" {
  name                  = var.name
  resource_group_name   = var.resource_group_name
  private_dns_zone_name = azurerm_private_dns_zone.this.name
  virtual_network_id    = var.virtual_network_id
  tags                  = var.tags
}

resource "azurerm_postgresql_flexible_server" "this" {
  name                          = var.name
  resource_group_name           = var.resource_group_name
  location                      = var.location
  version                       = var.postgres_version
  sku_name                      = var.sku_name
  storage_mb                    = var.storage_gb * 1024
  auto_grow_enabled             = true
  delegated_subnet_id           = var.subnet_id
  private_dns_zone_id           = azurerm_private_dns_zone.this.id
  public_network_access_enabled = false
  backup_retention_days         = var.backup_days
  geo_redundant_backup_enabled  = var.geo_redundant_backup
  tags                          = var.tags
  # People and workloads sign in with Entra ID; there is no password.
  authentication {
    active_directory_auth_enabled = true
    password_auth_enabled         = false
    tenant_id                     = data.azurerm_client_config.current.tenant_id
  }
  lifecycle {
    prevent_destroy = true
    ignore_changes  = [zone]
  }
  depends_on = [azurerm_private_dns_zone_virtual_network_link.this]
}

resource "azurerm_postgresql_flexible_server_configuration" "tls" {
  name      = "require_secure_transport"
  server_id = azurerm_postgresql_flexible_server.this.id
  value     = "on"
}

resource "azurerm_postgresql_flexible_server_database" "this" {
  name      = var.database_name
  server_id = azurerm_postgresql_flexible_server.this.id
  charset   = "UTF8"
}
`,
  variables: `variable "name" {
  description = "Name of the database server; unique in all of Azure."
  type        = string
}

variable "location" {
  description = "Region."
  type        = string
}

variable "database_name" {
  description = "Name of the first database."
  type        = string
  default     = "app"
}

variable "virtual_network_id" {
  description = "Network from which the server is reached."
  type        = string
}

variable "subnet_id" {
  description = "Subnet that is delegated to Microsoft.DBforPostgreSQL/flexibleServers."
  type        = string
}

variable "postgres_version" {
  description = "Major version of PostgreSQL."
  type        = string
  default     = "16"
}

variable "sku_name" {
  description = "Size of the machine."
  type        = string
  default     = "GP_Standard_D2s_v3"
}

variable "storage_gb" {
  description = "Storage at first; it grows when it is needed."
  type        = number
  default     = 64
}

variable "backup_days" {
  description = "Days for which backups are kept."
  type        = number
  default     = 14
}

variable "geo_redundant_backup" {
  description = "Whether backups are kept in another region, too."
  type        = bool
  default     = false
}
`,
  outputs: `output "id" {
  description = "Id of the server."
  value       = azurerm_postgresql_flexible_server.this.id
}

output "fqdn" {
  description = "Host name of the server, inside of the network."
  value       = azurerm_postgresql_flexible_server.this.fqdn
}
`,
};
