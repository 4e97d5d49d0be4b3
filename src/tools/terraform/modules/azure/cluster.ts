import type { Module } from '../module.ts';

export const cluster: Module = {
  main: `resource "azurerm_kubernetes_cluster" "this" {
  name                              = var.name
  resource_group_name               = var.resource_group_name
  location                          = var.location
  dns_prefix                        = var.name
  kubernetes_version                = var.kubernetes_version
  private_cluster_enabled           = true
  local_account_disabled            = true
  role_based_access_control_enabled = true
  oidc_issuer_enabled               = true
  workload_identity_enabled         = true
  azure_policy_enabled              = true
  automatic_upgrade_channel         = "patch"
  tags                              = var.tags
  default_node_pool {
    name                    = "default"
    vm_size                 = var.vm_size
    vnet_subnet_id          = var.subnet_id
    auto_scaling_enabled    = true
    min_count               = var.nodes.min
    max_count               = var.nodes.max
    os_disk_size_gb         = var.disk_gb
    host_encryption_enabled = true
    node_public_ip_enabled  = false
  }
  identity {
    type = "SystemAssigned"
  }
  azure_active_directory_role_based_access_control {
    azure_rbac_enabled     = true
    admin_group_object_ids = var.admin_group_object_ids
  }
  network_profile {
    network_plugin      = "azure"
    network_plugin_mode = "overlay"
    network_policy      = "calico"
  }
  lifecycle {
    ignore_changes = [default_node_pool[0].node_count]
  }
}
`,
  variables: `variable "name" {
  description = "Name of the cluster."
  type        = string
}

variable "location" {
  description = "Region."
  type        = string
}

variable "subnet_id" {
  description = "Subnet of the nodes."
  type        = string
}

variable "admin_group_object_ids" {
  description = "Groups of Entra ID whose members administer the cluster."
  type        = list(string)
}

variable "kubernetes_version" {
  description = "Version of Kubernetes; null takes the one that AKS recommends."
  type        = string
  default     = null
}

variable "vm_size" {
  description = "Kind of machine that the nodes are."
  type        = string
  default     = "Standard_D2s_v5"
}

variable "disk_gb" {
  description = "Size of the disk of each node."
  type        = number
  default     = 64
}

variable "nodes" {
  description = "Fewest and most nodes."
  type        = object({ min = number, max = number })
  default     = { min = 2, max = 5 }
}
`,
  outputs: `output "id" {
  description = "Id of the cluster."
  value       = azurerm_kubernetes_cluster.this.id
}

output "private_fqdn" {
  description = "Host name of the API, inside of the network."
  value       = azurerm_kubernetes_cluster.this.private_fqdn
}

output "oidc_issuer_url" {
  description = "Issuer for workload identities."
  value       = azurerm_kubernetes_cluster.this.oidc_issuer_url
}
`,
};
