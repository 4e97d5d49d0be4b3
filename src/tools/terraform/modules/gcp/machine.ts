import type { Module } from '../module.ts';

export const machine: Module = {
  main: `data "google_compute_image" "this" {
  family  = var.image_family
  project = var.image_project
}

resource "google_service_account" "this" {
  project      = var.project
  account_id   = var.name
  display_name = format("Machine %s", var.name)
}

resource "google_compute_instance" "this" {
  name                      = var.name
  project                   = var.project
  zone                      = var.zone
  machine_type              = var.machine_type
  allow_stopping_for_update = true
  labels                    = var.labels
  metadata = {
    block-project-ssh-keys = "true"
    enable-oslogin         = "TRUE"
  }
  boot_disk {
    kms_key_self_link = var.kms_key_name
    initialize_params {
      image  = data.google_compute_image.this.self_link
      size   = var.disk_gb
      type   = "pd-balanced"
      labels = var.labels
    }
  }
  # Without access_config there is no public address.
  network_interface {
    subnetwork = var.subnetwork_id
  }
  shielded_instance_config {
    enable_secure_boot          = true
    enable_vtpm                 = true
    enable_integrity_monitoring = true
  }
  service_account {
    email  = google_service_account.this.email
    scopes = ["cloud-platform"]
  }
  lifecycle {
    ignore_changes = [boot_disk[0].initialize_params[0].image]
  }
}
`,
  variables: `variable "name" {
  description = "Name of the machine: 6 to 30 small letters, digits and dashes."
  type        = string
}

variable "zone" {
  description = "Zone."
  type        = string
}

variable "subnetwork_id" {
  description = "Subnet that the machine stands in."
  type        = string
}

variable "machine_type" {
  description = "Size of the machine."
  type        = string
  default     = "e2-medium"
}

variable "disk_gb" {
  description = "Size of its disk."
  type        = number
  default     = 30
}

variable "image_family" {
  description = "Image that it starts from."
  type        = string
  default     = "debian-12"
}

variable "image_project" {
  description = "Project of that image."
  type        = string
  default     = "debian-cloud"
}

variable "kms_key_name" {
  description = "Key that encrypts the disk; null uses a key that Google manages."
  type        = string
  default     = null
}
`,
  outputs: `output "id" {
  description = "Id of the machine."
  value       = google_compute_instance.this.id
}

output "private_ip" {
  description = "Address inside of the network."
  value       = google_compute_instance.this.network_interface[0].network_ip
}
`,
};
