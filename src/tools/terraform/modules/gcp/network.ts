import type { Module } from '../module.ts';

export const network: Module = {
  main: `resource "google_compute_network" "this" {
  name                            = var.name
  project                         = var.project
  auto_create_subnetworks         = false
  delete_default_routes_on_create = false
}

resource "google_compute_subnetwork" "this" {
  for_each                 = var.subnets
  name                     = format("%s-%s", var.name, each.key)
  project                  = var.project
  network                  = google_compute_network.this.id
  region                   = each.value.region
  ip_cidr_range            = each.value.cidr
  private_ip_google_access = true
  log_config {
    aggregation_interval = "INTERVAL_5_MIN"
    flow_sampling        = 0.5
    metadata             = "INCLUDE_ALL_METADATA"
  }
}

resource "google_compute_firewall" "inside" {
  name          = format("%s-allow-inside", var.name)
  project       = var.project
  network       = google_compute_network.this.name
  direction     = "INGRESS"
  priority      = 1000
  source_ranges = [for subnet in var.subnets : subnet.cidr]
  allow {
    protocol = "tcp"
  }
  allow {
    protocol = "udp"
  }
  allow {
    protocol = "icmp"
  }
}

resource "google_compute_firewall" "closed" {
  name          = format("%s-deny-all", var.name)
  project       = var.project
  network       = google_compute_network.this.name
  direction     = "INGRESS"
  priority      = 65000
  source_ranges = ["0.0.0.0/0"]
  deny {
    protocol = "all"
  }
  log_config {
    metadata = "INCLUDE_ALL_METADATA"
  }
}
`,
  variables: `variable "name" {
  description = "Name of the network."
  type        = string
}

variable "subnets" {
  description = "Region and addresses of the subnets by name."
  type        = map(object({ region = string, cidr = string }))
}
`,
  outputs: `output "id" {
  description = "Id of the network."
  value       = google_compute_network.this.id
}

output "subnet_ids" {
  description = "Ids of the subnets by name."
  value       = { for name, subnet in google_compute_subnetwork.this : name => subnet.id }
}
`,
};
