import type { Module } from '../module.ts';

export const machine: Module = {
  main: `resource "azurerm_network_interface" "this" {
  name                = format("%s-nic", var.name)
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags
  ip_configuration {
    name                          = "internal"
    subnet_id                     = var.subnet_id
    private_ip_address_allocation = "Dynamic"
  }
}

resource "azurerm_linux_virtual_machine" "this" {
  name                            = var.name
  resource_group_name             = var.resource_group_name
  location                        = var.location
  size                            = var.size
  admin_username                  = var.admin_username
  disable_password_authentication = true
  network_interface_ids           = [azurerm_network_interface.this.id]
  encryption_at_host_enabled      = true
  secure_boot_enabled             = true
  vtpm_enabled                    = true
  tags                            = var.tags
  admin_ssh_key {
    username   = var.admin_username
    public_key = var.ssh_public_key
  }
  identity {
    type = "SystemAssigned"
  }
  os_disk {
    caching              = "ReadWrite"
    storage_account_type = "Premium_LRS"
    disk_size_gb         = var.disk_gb
  }
  source_image_reference {
    publisher = "Canonical"
    offer     = "ubuntu-24_04-lts"
    sku       = "server"
    version   = "latest"
  }
}
`,
  variables: `variable "name" {
  description = "Name of the machine."
  type        = string
}

variable "location" {
  description = "Region."
  type        = string
}

variable "subnet_id" {
  description = "Subnet that the machine stands in; it gets no public address."
  type        = string
}

variable "ssh_public_key" {
  description = "Public key of the administrator."
  type        = string
}

variable "admin_username" {
  description = "Name of the administrator."
  type        = string
  default     = "azureuser"
}

variable "size" {
  description = "Size of the machine."
  type        = string
  default     = "Standard_D2s_v5"
}

variable "disk_gb" {
  description = "Size of its disk."
  type        = number
  default     = 64
}
`,
  outputs: `output "id" {
  description = "Id of the machine."
  value       = azurerm_linux_virtual_machine.this.id
}

output "private_ip" {
  description = "Address inside of the network."
  value       = azurerm_linux_virtual_machine.this.private_ip_address
}
`,
};
