import type { Module } from '../module.ts';

export const role: Module = {
  main: `resource "google_project_iam_custom_role" "this" {
  project     = var.project
  role_id     = var.role_id
  title       = var.title
  description = var.description
  permissions = var.permissions
}

resource "google_service_account" "this" {
  project      = var.project
  account_id   = var.service_account_id
  display_name = var.title
}

resource "google_project_iam_member" "service_account" {
  project = var.project
  role    = google_project_iam_custom_role.this.id
  member  = google_service_account.this.member
}

resource "google_project_iam_member" "others" {
  for_each = var.members
  project  = var.project
  role     = google_project_iam_custom_role.this.id
  member   = each.value
}
`,
  variables: `variable "role_id" {
  description = "Id of the role, in letters, digits, dots and underscores."
  type        = string
}

variable "title" {
  description = "Name of the role for people."
  type        = string
}

variable "description" {
  description = "What the role is for."
  type        = string
  default     = ""
}

variable "permissions" {
  description = "What the role may do, like storage.objects.get."
  type        = list(string)
}

variable "service_account_id" {
  description = "Id of the service account that has the role."
  type        = string
}

variable "members" {
  description = "Others that get the role, like group:ops@example.com."
  type        = set(string)
  default     = []
  validation {
    condition     = !contains(var.members, "allUsers") && !contains(var.members, "allAuthenticatedUsers")
    error_message = "Name who gets the role; everybody does not."
  }
}
`,
  outputs: `output "role_id" {
  description = "Id of the role."
  value       = google_project_iam_custom_role.this.id
}

output "service_account_email" {
  description = "Address of the service account that has the role."
  value       = google_service_account.this.email
}
`,
};
