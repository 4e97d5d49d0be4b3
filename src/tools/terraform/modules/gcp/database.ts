import type { Module } from '../module.ts';

export const database: Module = {
  main: `resource "google_sql_database_instance" "this" {
  name                = var.name
  project             = var.project
  region              = var.region
  database_version    = var.database_version
  deletion_protection = var.deletion_protection
  encryption_key_name = var.kms_key_name
  settings {
    tier                        = var.tier
    edition                     = "ENTERPRISE"
    availability_type           = var.regional ? "REGIONAL" : "ZONAL"
    disk_type                   = "PD_SSD"
    disk_size                   = var.disk_gb
    disk_autoresize             = true
    deletion_protection_enabled = var.deletion_protection
    user_labels                 = var.labels
    ip_configuration {
      ipv4_enabled    = false
      private_network = var.network_id
      ssl_mode        = "ENCRYPTED_ONLY"
    }
    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
      backup_retention_settings {
        retained_backups = var.backups
      }
    }
    # People and workloads sign in with IAM; there is no password.
    database_flags {
      name  = "cloudsql.iam_authentication"
      value = "on"
    }
    insights_config {
      query_insights_enabled = true
    }
  }
}

resource "google_sql_database" "this" {
  name     = var.database_name
  project  = var.project
  instance = google_sql_database_instance.this.name
}
`,
  variables: `variable "name" {
  description = "Name of the database server."
  type        = string
}

variable "region" {
  description = "Region."
  type        = string
}

variable "database_name" {
  description = "Name of the first database."
  type        = string
  default     = "app"
}

variable "network_id" {
  description = "Network with private services access, from which the server is reached."
  type        = string
}

variable "database_version" {
  description = "Kind and version of the server."
  type        = string
  default     = "POSTGRES_16"
}

variable "tier" {
  description = "Size of the machine."
  type        = string
  default     = "db-custom-2-7680"
}

variable "disk_gb" {
  description = "Storage at first; it grows when it is needed."
  type        = number
  default     = 50
}

variable "kms_key_name" {
  description = "Key that encrypts the storage; null uses a key that Google manages."
  type        = string
  default     = null
}

variable "regional" {
  description = "Whether a stand-by in another zone is kept."
  type        = bool
  default     = true
}

variable "backups" {
  description = "How many daily backups are kept."
  type        = number
  default     = 14
}

variable "deletion_protection" {
  description = "Whether the server refuses to be deleted."
  type        = bool
  default     = true
}
`,
  outputs: `output "connection_name" {
  description = "Name for the Cloud SQL connectors."
  value       = google_sql_database_instance.this.connection_name
}

output "private_ip" {
  description = "Address inside of the network."
  value       = google_sql_database_instance.this.private_ip_address
}
`,
};
