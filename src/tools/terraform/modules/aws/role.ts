import type { Module } from '../module.ts';

export const role: Module = {
  main: `data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    dynamic "principals" {
      for_each = length(var.services) > 0 ? [var.services] : []
      content {
        type        = "Service"
        identifiers = principals.value
      }
    }
    dynamic "principals" {
      for_each = length(var.principal_arns) > 0 ? [var.principal_arns] : []
      content {
        type        = "AWS"
        identifiers = principals.value
      }
    }
  }
}

data "aws_iam_policy_document" "allowed" {
  dynamic "statement" {
    for_each = var.allowed
    content {
      sid       = statement.key
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }
}

resource "aws_iam_role" "this" {
  name                 = var.name
  description          = var.description
  assume_role_policy   = data.aws_iam_policy_document.assume.json
  permissions_boundary = var.permissions_boundary_arn
  max_session_duration = var.session_seconds
  tags                 = var.tags
}

resource "aws_iam_role_policy" "allowed" {
  count  = length(var.allowed) > 0 ? 1 : 0
  name   = "allowed"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.allowed.json
}
`,
  variables: `variable "name" {
  description = "Name of the role."
  type        = string
}

variable "description" {
  description = "What the role is for."
  type        = string
  default     = ""
}

variable "services" {
  description = "Services that may take the role, like lambda.amazonaws.com."
  type        = list(string)
  default     = []
}

variable "principal_arns" {
  description = "Accounts, users and roles that may take the role."
  type        = list(string)
  default     = []
  validation {
    condition     = !contains(var.principal_arns, "*")
    error_message = "Name who may take the role; everybody may not."
  }
}

variable "allowed" {
  description = "What the role may do: actions and resources by a name for each."
  type        = map(object({ actions = list(string), resources = list(string) }))
  default     = {}
  validation {
    condition     = alltrue([for each in var.allowed : !contains(each.actions, "*")])
    error_message = "Name the actions; a role that may do everything is not made here."
  }
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds what the role may ever do."
  type        = string
  default     = null
}

variable "session_seconds" {
  description = "Longest session."
  type        = number
  default     = 3600
}
`,
  outputs: `output "arn" {
  description = "ARN of the role."
  value       = aws_iam_role.this.arn
}

output "name" {
  description = "Name of the role."
  value       = aws_iam_role.this.name
}
`,
};
