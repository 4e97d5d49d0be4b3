import type { Module } from '../module.ts';

export const bucket: Module = {
  main: `resource "google_storage_bucket" "this" {
  name                        = var.name
  project                     = var.project
  location                    = var.location
  storage_class               = var.storage_class
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false
  labels                      = var.labels
  versioning {
    enabled = var.versioning
  }
  soft_delete_policy {
    retention_duration_seconds = var.keep_deleted_days * 86400
  }
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = var.keep_old_versions_days
    }
  }
  dynamic "encryption" {
    for_each = var.kms_key_name == null ? [] : [var.kms_key_name]
    content {
      default_kms_key_name = encryption.value
    }
  }
}
`,
  variables: `variable "name" {
  description = "Name of the bucket; unique in all of Google Cloud."
  type        = string
}

variable "location" {
  description = "Region, or EU, US or ASIA."
  type        = string
  default     = "EU"
}

variable "storage_class" {
  description = "STANDARD, NEARLINE, COLDLINE or ARCHIVE."
  type        = string
  default     = "STANDARD"
}

variable "kms_key_name" {
  description = "Key that encrypts the objects; null uses a key that Google manages."
  type        = string
  default     = null
}

variable "versioning" {
  description = "Whether older versions of objects are kept."
  type        = bool
  default     = true
}

variable "keep_old_versions_days" {
  description = "Days after which older versions are removed."
  type        = number
  default     = 90
}

variable "keep_deleted_days" {
  description = "Days for which what was deleted can be brought back."
  type        = number
  default     = 7
}
`,
  outputs: `output "name" {
  description = "Name of the bucket."
  value       = google_storage_bucket.this.name
}

output "url" {
  description = "Address of the bucket, gs://…"
  value       = google_storage_bucket.this.url
}
`,
};
