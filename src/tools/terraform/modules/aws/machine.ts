import type { Module } from '../module.ts';

export const machine: Module = {
  main: `data "aws_ssm_parameter" "image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

data "aws_partition" "current" {}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "this" {
  name_prefix        = format("%s-", var.name)
  assume_role_policy = data.aws_iam_policy_document.assume.json
  tags               = var.tags
}

# Sessions through Systems Manager, so that no port is open for SSH.
resource "aws_iam_role_policy_attachment" "sessions" {
  role       = aws_iam_role.this.name
  policy_arn = format("arn:%s:iam::aws:policy/AmazonSSMManagedInstanceCore", data.aws_partition.current.partition)
}

resource "aws_iam_instance_profile" "this" {
  name_prefix = format("%s-", var.name)
  role        = aws_iam_role.this.name
  tags        = var.tags
}

resource "aws_security_group" "this" {
  name_prefix = format("%s-", var.name)
  description = format("Nothing comes in; %s", var.name)
  vpc_id      = var.vpc_id
  tags        = var.tags
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.this.id
  description       = "HTTPS out"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_instance" "this" {
  ami                         = data.aws_ssm_parameter.image.value
  instance_type               = var.instance_type
  subnet_id                   = var.subnet_id
  vpc_security_group_ids      = [aws_security_group.this.id]
  iam_instance_profile        = aws_iam_instance_profile.this.name
  associate_public_ip_address = false
  monitoring                  = true
  ebs_optimized               = true
  tags                        = merge(var.tags, { Name = var.name })
  volume_tags                 = var.tags
  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }
  root_block_device {
    volume_size = var.disk_gb
    volume_type = "gp3"
    encrypted   = true
  }
  lifecycle {
    ignore_changes = [ami]
  }
}
`,
  variables: `variable "name" {
  description = "Name of the machine."
  type        = string
}

variable "vpc_id" {
  description = "Network that the machine stands in."
  type        = string
}

variable "subnet_id" {
  description = "Private subnet that the machine stands in."
  type        = string
}

variable "instance_type" {
  description = "Size of the machine."
  type        = string
  default     = "t3.medium"
}

variable "disk_gb" {
  description = "Size of its disk."
  type        = number
  default     = 30
}
`,
  outputs: `output "id" {
  description = "Id of the machine, for aws ssm start-session."
  value       = aws_instance.this.id
}

output "private_ip" {
  description = "Address inside of the network."
  value       = aws_instance.this.private_ip
}
`,
};
