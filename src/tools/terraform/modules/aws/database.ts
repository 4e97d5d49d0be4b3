import type { Module } from '../module.ts';

export const database: Module = {
  main: `resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnet_ids
  tags       = var.tags
}

resource "aws_security_group" "this" {
  name_prefix = format("%s-db-", var.name)
  description = format("Clients of the database %s", var.name)
  vpc_id      = var.vpc_id
  tags        = var.tags
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  for_each                     = var.client_security_group_ids
  security_group_id            = aws_security_group.this.id
  description                  = each.key
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_db_parameter_group" "this" {
  name_prefix = format("%s-", var.name)
  family      = format("postgres%s", var.postgres_version)
  tags        = var.tags
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "this" {
  identifier                          = var.name
  engine                              = "postgres"
  engine_version                      = var.postgres_version
  instance_class                      = var.instance_class
  allocated_storage                   = var.storage_gb
  max_allocated_storage               = var.storage_gb * 4
  storage_type                        = "gp3"
  storage_encrypted                   = true
  kms_key_id                          = var.kms_key_arn
  db_name                             = var.database_name
  username                            = "postgres"
  manage_master_user_password         = true
  iam_database_authentication_enabled = true
  db_subnet_group_name                = aws_db_subnet_group.this.name
  vpc_security_group_ids              = [aws_security_group.this.id]
  parameter_group_name                = aws_db_parameter_group.this.name
  publicly_accessible                 = false
  multi_az                            = var.multi_az
  backup_retention_period             = var.backup_days
  copy_tags_to_snapshot               = true
  auto_minor_version_upgrade          = true
  performance_insights_enabled        = true
  enabled_cloudwatch_logs_exports     = ["postgresql", "upgrade"]
  deletion_protection                 = var.deletion_protection
  skip_final_snapshot                 = false
  final_snapshot_identifier           = format("%s-final", var.name)
  tags                                = var.tags
}
`,
  variables: `variable "name" {
  description = "Name of the database server."
  type        = string
}

variable "database_name" {
  description = "Name of the first database."
  type        = string
  default     = "app"
}

variable "vpc_id" {
  description = "Network that the server stands in."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets in at least two availability zones."
  type        = list(string)
}

variable "client_security_group_ids" {
  description = "Security groups that may connect, by a name for each."
  type        = map(string)
  default     = {}
}

variable "postgres_version" {
  description = "Major version of PostgreSQL."
  type        = string
  default     = "16"
}

variable "instance_class" {
  description = "Size of the machine."
  type        = string
  default     = "db.t4g.medium"
}

variable "storage_gb" {
  description = "Storage at first; it may grow to four times as much."
  type        = number
  default     = 50
}

variable "kms_key_arn" {
  description = "Key that encrypts the storage; null uses the key that AWS manages."
  type        = string
  default     = null
}

variable "multi_az" {
  description = "Whether a stand-by in another availability zone is kept."
  type        = bool
  default     = true
}

variable "backup_days" {
  description = "Days for which backups are kept."
  type        = number
  default     = 14
}

variable "deletion_protection" {
  description = "Whether the server refuses to be deleted."
  type        = bool
  default     = true
}
`,
  outputs: `output "address" {
  description = "Host name of the server."
  value       = aws_db_instance.this.address
}

output "security_group_id" {
  description = "Security group of the server."
  value       = aws_security_group.this.id
}

output "password_secret_arn" {
  description = "Secret in which AWS keeps the password and renews it."
  value       = aws_db_instance.this.master_user_secret[0].secret_arn
}
`,
};
