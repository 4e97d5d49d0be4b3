import type { Module } from '../module.ts';

export const role: Module = {
  main: `resource "azurerm_role_definition" "this" {
  name              = var.name
  description       = var.description
  scope             = var.scope
  assignable_scopes = [var.scope]
  permissions {
    actions      = var.actions
    data_actions = var.data_actions
  }
}

resource "azurerm_user_assigned_identity" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags
}

resource "azurerm_role_assignment" "identity" {
  scope              = var.scope
  role_definition_id = azurerm_role_definition.this.role_definition_resource_id
  principal_id       = azurerm_user_assigned_identity.this.principal_id
}

resource "azurerm_role_assignment" "others" {
  for_each           = var.principal_ids
  scope              = var.scope
  role_definition_id = azurerm_role_definition.this.role_definition_resource_id
  principal_id       = each.value
}
`,
  variables: `variable "name" {
  description = "Name of the role, and of the identity that has it."
  type        = string
}

variable "description" {
  description = "What the role is for."
  type        = string
  default     = ""
}

variable "location" {
  description = "Region of the identity."
  type        = string
}

variable "scope" {
  description = "Id of the resource group or resource that the role holds for."
  type        = string
}

variable "actions" {
  description = "What the role may do, like Microsoft.Storage/storageAccounts/read."
  type        = list(string)
  validation {
    condition     = !contains(var.actions, "*")
    error_message = "Name the actions; a role that may do everything is not made here."
  }
}

variable "data_actions" {
  description = "What the role may do with data."
  type        = list(string)
  default     = []
  validation {
    condition     = !contains(var.data_actions, "*")
    error_message = "Name the actions; a role that may do everything is not made here."
  }
}

variable "principal_ids" {
  description = "Others that get the role, by a name for each."
  type        = map(string)
  default     = {}
}
`,
  outputs: `output "role_id" {
  description = "Id of the role."
  value       = azurerm_role_definition.this.role_definition_resource_id
}

output "identity_client_id" {
  description = "Client id of the identity that has the role."
  value       = azurerm_user_assigned_identity.this.client_id
}
`,
};
