import type { Module } from '../module.ts';

export const cluster: Module = {
  main: `resource "google_service_account" "nodes" {
  project      = var.project
  account_id   = format("%s-nodes", var.name)
  display_name = format("Nodes of %s", var.name)
}

resource "google_project_iam_member" "nodes" {
  project = var.project
  role    = "roles/container.defaultNodeServiceAccount"
  member  = google_service_account.nodes.member
}

resource "google_container_cluster" "this" {
  name                     = var.name
  project                  = var.project
  location                 = var.region
  network                  = var.network_id
  subnetwork               = var.subnetwork_id
  remove_default_node_pool = true
  initial_node_count       = 1
  enable_shielded_nodes    = true
  deletion_protection      = var.deletion_protection
  resource_labels          = var.labels
  networking_mode          = "VPC_NATIVE"
  datapath_provider        = "ADVANCED_DATAPATH"
  ip_allocation_policy {}
  private_cluster_config {
    enable_private_nodes    = true
    enable_private_endpoint = true
    master_ipv4_cidr_block  = var.control_plane_cidr
  }
  master_authorized_networks_config {
    dynamic "cidr_blocks" {
      for_each = var.admin_cidrs
      content {
        display_name = cidr_blocks.key
        cidr_block   = cidr_blocks.value
      }
    }
  }
  workload_identity_config {
    workload_pool = format("%s.svc.id.goog", var.project)
  }
  release_channel {
    channel = "REGULAR"
  }
  dynamic "database_encryption" {
    for_each = var.kms_key_name == null ? [] : [var.kms_key_name]
    content {
      state    = "ENCRYPTED"
      key_name = database_encryption.value
    }
  }
}

resource "google_container_node_pool" "this" {
  name     = "default"
  project  = var.project
  location = var.region
  cluster  = google_container_cluster.this.name
  autoscaling {
    total_min_node_count = var.nodes.min
    total_max_node_count = var.nodes.max
  }
  management {
    auto_repair  = true
    auto_upgrade = true
  }
  node_config {
    machine_type    = var.machine_type
    disk_size_gb    = var.disk_gb
    service_account = google_service_account.nodes.email
    oauth_scopes    = ["https://www.googleapis.com/auth/cloud-platform"]
    labels          = var.labels
    shielded_instance_config {
      enable_secure_boot          = true
      enable_integrity_monitoring = true
    }
    workload_metadata_config {
      mode = "GKE_METADATA"
    }
  }
}
`,
  variables: `variable "name" {
  description = "Name of the cluster."
  type        = string
}

variable "region" {
  description = "Region."
  type        = string
}

variable "network_id" {
  description = "Network of the cluster."
  type        = string
}

variable "subnetwork_id" {
  description = "Subnet of the nodes."
  type        = string
}

variable "control_plane_cidr" {
  description = "Addresses of the control plane, a /28 that nothing else uses."
  type        = string
  default     = "172.16.0.0/28"
}

variable "admin_cidrs" {
  description = "Addresses inside of the network from which the API is reached, by a name for each."
  type        = map(string)
  default     = {}
}

variable "kms_key_name" {
  description = "Key that encrypts secrets; null uses a key that Google manages."
  type        = string
  default     = null
}

variable "machine_type" {
  description = "Kind of machine that the nodes are."
  type        = string
  default     = "e2-standard-4"
}

variable "disk_gb" {
  description = "Size of the disk of each node."
  type        = number
  default     = 50
}

variable "nodes" {
  description = "Fewest and most nodes, over all zones."
  type        = object({ min = number, max = number })
  default     = { min = 3, max = 6 }
}

variable "deletion_protection" {
  description = "Whether Terraform refuses to destroy the cluster."
  type        = bool
  default     = true
}
`,
  outputs: `output "name" {
  description = "Name of the cluster, for gcloud container clusters get-credentials."
  value       = google_container_cluster.this.name
}

output "endpoint" {
  description = "Address of the API, inside of the network."
  value       = google_container_cluster.this.endpoint
}
`,
};
